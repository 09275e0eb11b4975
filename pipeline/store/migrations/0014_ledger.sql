-- Lines for the outbox's ledger that are not known to be in it: each is noted in the
-- transaction of what it tells, and goes once the file has it.
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    mark TEXT NOT NULL DEFAULT (lower(hex(randomblob(8)))),
    entry TEXT NOT NULL
) STRICT;

-- A store that was found not to fit its ledger: how, which lines it did not know, up to
-- which id it knew its readers, and when its owner decided what to do.
CREATE TABLE restores (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    after INTEGER NOT NULL,
    upto INTEGER NOT NULL,
    readers INTEGER NOT NULL,
    found INTEGER NOT NULL,
    settled INTEGER
) STRICT;

CREATE INDEX given_by_variant ON given (issue, variant);
