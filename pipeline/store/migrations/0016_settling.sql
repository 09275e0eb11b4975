-- Since when a post says what it says; NULL where it did when its site was first read.
ALTER TABLE posts ADD COLUMN changed INTEGER;

-- When a site was last looked at, to a minute. Of posts that vanished up to `gone_upto`
-- it is known whether that was too many at once.
ALTER TABLE sites ADD COLUMN looked INTEGER;
ALTER TABLE sites ADD COLUMN gone_upto INTEGER NOT NULL DEFAULT 0;
UPDATE sites SET looked = started, gone_upto = coalesce(
    (SELECT max(p.absent_since) FROM posts p WHERE p.site = sites.name), 0);

-- Posts that are news however old, and however many: their owner said so, or they had a
-- number already.
CREATE TABLE accepted_news (
    newsletter TEXT NOT NULL,
    post TEXT NOT NULL,
    PRIMARY KEY (newsletter, post)
) STRICT, WITHOUT ROWID;

-- Pages of posts, asked for on the site: `live` is when one was there, or NULL, with
-- what it `answer`ed last and when it is asked again.
CREATE TABLE live_pages (
    post TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    begun INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    next INTEGER NOT NULL,
    answer TEXT NOT NULL,
    live INTEGER
) STRICT;

-- Posts that their owner left out of an issue, and the numbers they had.
CREATE TABLE skips (
    issue INTEGER NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    post TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (issue, post)
) STRICT, WITHOUT ROWID;

-- A correction: of which issue, and what its owner says above it. `number` is none of
-- its stream's then, but negative; readers see that of the issue.
ALTER TABLE issues ADD COLUMN corrects INTEGER REFERENCES issues (id);
ALTER TABLE issues ADD COLUMN shown_number INTEGER;
ALTER TABLE issues ADD COLUMN intro TEXT NOT NULL DEFAULT '';
