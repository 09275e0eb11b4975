-- What ties this store to what lies beside it: `store` is its own name, which marks its
-- outbox, and `key` the SHA-256 of the key that signs the readers' links.
CREATE TABLE ties (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

INSERT INTO ties (name, value) VALUES ('store', lower(hex(randomblob(8))));
