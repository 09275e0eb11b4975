-- Issues as anybody may read them, frozen with the issue: the newsletter's archive.
-- `summary` is what lists say of one; `listed` is 0 where its owner took it out.
CREATE TABLE editions (
    issue INTEGER PRIMARY KEY REFERENCES issues (id),
    listed INTEGER NOT NULL,
    digest TEXT NOT NULL,
    summary TEXT NOT NULL,
    edition BLOB NOT NULL
) STRICT;

-- Images of formulas that an edition shows, kept as long as it is.
CREATE TABLE edition_images (
    issue INTEGER NOT NULL REFERENCES editions (issue),
    digest TEXT NOT NULL REFERENCES images (digest),
    PRIMARY KEY (issue, digest)
) STRICT;

CREATE INDEX edition_images_by_digest ON edition_images (digest);
