-- Who must never get mail: a domain as `@example.org`, an address as its HMAC, so that
-- the list outlives an erasure without a name in it.
CREATE TABLE suppressions (
    rule TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;

-- The key of that HMAC. It is never rotated, and not lost with the keys of links: else
-- whoever was erased could be brought back by an old list.
INSERT INTO ties (name, value) VALUES ('suppression', lower(hex(randomblob(32))));

-- Erasures under way: the id a reader had, 0 for who never was one, the rule that keeps
-- them out (letters about joining know no id), and whether the store itself is clean.
CREATE TABLE erasures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber INTEGER NOT NULL,
    rule TEXT NOT NULL,
    begun INTEGER NOT NULL,
    scrubbed INTEGER NOT NULL
) STRICT;

-- Why a reader gets mail: who said so, where, when, and the words they were shown.
-- `newsletters` is a JSON list.
CREATE TABLE consents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber INTEGER NOT NULL REFERENCES subscribers (id),
    newsletters TEXT NOT NULL,
    how TEXT NOT NULL,
    source TEXT NOT NULL,
    shown TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE INDEX consents_by_subscriber ON consents (subscriber);
