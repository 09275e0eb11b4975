-- An ask may be a reader's own, for mail to come to `address` from now on: who asks, and
-- where their mail went when they did.
ALTER TABLE asks ADD COLUMN reader INTEGER;
ALTER TABLE asks ADD COLUMN former TEXT NOT NULL DEFAULT '';

CREATE INDEX asks_by_reader ON asks (reader);

-- Where a reader's mail went until `created`, and who said that it should change. By `key`
-- an old list is kept from bringing the address back.
CREATE TABLE moves (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber INTEGER NOT NULL REFERENCES subscribers (id),
    address TEXT NOT NULL,
    key TEXT NOT NULL,
    how TEXT NOT NULL,
    source TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE INDEX moves_by_subscriber ON moves (subscriber);
CREATE INDEX moves_by_key ON moves (key);
