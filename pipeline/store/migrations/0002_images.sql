-- Images that renditions and issues under way show, by the digest of their bytes.
CREATE TABLE images (
    digest TEXT PRIMARY KEY,
    media_type TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;

CREATE TABLE rendition_images (
    post TEXT NOT NULL REFERENCES renditions (post) ON DELETE CASCADE,
    digest TEXT NOT NULL REFERENCES images (digest),
    PRIMARY KEY (post, digest)
) STRICT;

CREATE INDEX rendition_images_by_digest ON rendition_images (digest);

CREATE TABLE issue_images (
    issue INTEGER NOT NULL REFERENCES issues (id),
    digest TEXT NOT NULL REFERENCES images (digest),
    PRIMARY KEY (issue, digest)
) STRICT;

CREATE INDEX issue_images_by_digest ON issue_images (digest);
