-- What stands still until its owner says so, or until a time. `target` is a newsletter's
-- name or an issue's id, empty for everything; `detail` a JSON object.
CREATE TABLE holds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    scope TEXT NOT NULL,
    target TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    detail TEXT NOT NULL,
    UNIQUE (scope, target, reason)
) STRICT;

-- What the site's owner is told by mail, each event once, by its key. `batch` is empty
-- until one is sealed. What the letter says (`words`, JSON, and `page`, which has an
-- issue) goes once it is out; the key stays for a year.
CREATE TABLE owner_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    words TEXT NOT NULL,
    page BLOB,
    created INTEGER NOT NULL,
    batch TEXT NOT NULL DEFAULT '',
    out INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX owner_letters_by_batch ON owner_letters (batch, out);
