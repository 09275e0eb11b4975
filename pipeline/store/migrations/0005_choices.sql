-- What a reader chose of a newsletter; topics are JSON, empty for everything.
ALTER TABLE subscriptions ADD COLUMN topics TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN paused_until INTEGER;

-- Until now an issue's own numbers bounded what its readers got: they have had those of
-- every issue that was frozen, and none of one that was not.
UPDATE subscriptions SET coverage = max(coverage, coalesce((
    SELECT max(i.upto_number) FROM issues i
    WHERE i.newsletter = subscriptions.newsletter
        AND i.cadence = subscriptions.cadence
        AND (i.state IN ('frozen', 'sending', 'done')
            OR EXISTS (SELECT 1 FROM variants v WHERE v.issue = i.id))
), 0));

-- How far one who left had come: who comes back gets nothing twice.
ALTER TABLE withdrawals ADD COLUMN coverage INTEGER NOT NULL DEFAULT 0;

-- Which variants gave out a post, and under which number: a post that comes back under
-- another, and a translation of it, are not for those who have it.
CREATE TABLE given (
    post TEXT NOT NULL,
    issue INTEGER NOT NULL REFERENCES issues (id),
    variant INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (post, issue, variant)
) STRICT, WITHOUT ROWID;

INSERT INTO given (post, issue, variant, number)
SELECT DISTINCT p.value, v.issue, v.n, coalesce(l.number, 0)
FROM variants v
JOIN issues i ON i.id = v.issue
JOIN json_each(v.posts) p
LEFT JOIN listings l ON l.newsletter = i.newsletter AND l.post = p.value;

-- A batch of several variants has the number 0 for its own; here is who gets which.
CREATE TABLE batch_variants (
    batch TEXT NOT NULL REFERENCES batches (name) ON DELETE CASCADE,
    issue INTEGER NOT NULL,
    variant INTEGER NOT NULL,
    members BLOB NOT NULL,
    PRIMARY KEY (batch, variant)
) STRICT;

CREATE INDEX batch_variants_by_variant ON batch_variants (issue, variant);

-- Pages of an issue that is being frozen and has too many for memory.
CREATE TABLE drafts (
    issue INTEGER NOT NULL REFERENCES issues (id),
    key TEXT NOT NULL,
    page BLOB NOT NULL,
    PRIMARY KEY (issue, key)
) STRICT;
