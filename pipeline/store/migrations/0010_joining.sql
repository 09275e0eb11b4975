-- What somebody asked for on the form: nothing, until the mailbox confirms it. How it
-- was asked (page, network, the words that were shown) goes into consents then.
CREATE TABLE asks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    key TEXT NOT NULL,
    newsletters TEXT NOT NULL,
    language TEXT NOT NULL,
    page TEXT NOT NULL,
    network TEXT NOT NULL,
    words TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    confirmed INTEGER
) STRICT;

CREATE INDEX asks_by_key ON asks (key);
CREATE INDEX asks_by_expiry ON asks (expires);

-- Transactional mail that is still to be made: an answer to an ask, or a welcome.
-- `batch` is empty until one is sealed; a letter that is public is forgotten.
CREATE TABLE letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    newsletter TEXT NOT NULL,
    ask INTEGER NOT NULL REFERENCES asks (id) ON DELETE CASCADE,
    created INTEGER NOT NULL,
    batch TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX letters_by_ask ON letters (ask);
CREATE INDEX letters_by_batch ON letters (batch, newsletter);

-- Sealed batches of letters that may not be public yet.
CREATE TABLE letter_batches (
    name TEXT PRIMARY KEY,
    attempt TEXT NOT NULL
) STRICT;

-- When somebody tried, by what is counted: a network, or the keyed hash of an address.
CREATE TABLE tries (
    who TEXT NOT NULL,
    time INTEGER NOT NULL
) STRICT;

CREATE INDEX tries_by_who ON tries (who, time);
CREATE INDEX tries_by_time ON tries (time);
