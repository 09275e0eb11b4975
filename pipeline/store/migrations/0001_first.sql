-- Times are microseconds since 1970 UTC. JSON lies in TEXT, zlib-compressed text in BLOB.

-- A site since it was first read: posts older than that are no news.
CREATE TABLE sites (
    name TEXT PRIMARY KEY,
    started INTEGER NOT NULL
) STRICT;

CREATE TABLE sources (
    site TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    scanned_ns INTEGER NOT NULL,
    reading TEXT NOT NULL,
    post TEXT,
    faults TEXT NOT NULL,
    PRIMARY KEY (site, path)
) STRICT;

CREATE TABLE posts (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    path TEXT NOT NULL,
    url TEXT NOT NULL,
    digest TEXT NOT NULL,
    text_digest TEXT NOT NULL,
    present INTEGER NOT NULL,
    live_since INTEGER,
    record TEXT NOT NULL,
    text BLOB NOT NULL
) STRICT;

CREATE INDEX posts_by_site ON posts (site, path);

CREATE TABLE renditions (
    post TEXT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    refs TEXT NOT NULL,
    faults TEXT NOT NULL,
    record BLOB NOT NULL
) STRICT;

CREATE TABLE documents (
    path TEXT PRIMARY KEY,
    inputs TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL
) STRICT;

CREATE TABLE newsletters (
    name TEXT PRIMARY KEY,
    started INTEGER NOT NULL,
    selection TEXT NOT NULL,
    listed INTEGER NOT NULL,
    last_number INTEGER NOT NULL
) STRICT;

-- A post of a newsletter: its number, or NULL where it was no news.
CREATE TABLE listings (
    newsletter TEXT NOT NULL REFERENCES newsletters (name),
    post TEXT NOT NULL REFERENCES posts (id),
    number INTEGER,
    PRIMARY KEY (newsletter, post),
    UNIQUE (newsletter, number)
) STRICT;

CREATE TABLE streams (
    newsletter TEXT NOT NULL REFERENCES newsletters (name),
    cadence TEXT NOT NULL,
    last_boundary INTEGER NOT NULL,
    last_number INTEGER NOT NULL,
    issues INTEGER NOT NULL,
    PRIMARY KEY (newsletter, cadence)
) STRICT;

CREATE TABLE issues (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    newsletter TEXT NOT NULL,
    cadence TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    boundary INTEGER NOT NULL,
    from_number INTEGER NOT NULL,
    upto_number INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    UNIQUE (newsletter, cadence, number),
    FOREIGN KEY (newsletter, cadence) REFERENCES streams (newsletter, cadence)
) STRICT;

CREATE TABLE variants (
    issue INTEGER NOT NULL REFERENCES issues (id),
    n INTEGER NOT NULL,
    language TEXT NOT NULL,
    posts TEXT NOT NULL,
    page BLOB NOT NULL,
    PRIMARY KEY (issue, n)
) STRICT;

-- Who gets what: `members` is the manifest, frozen with the issue.
CREATE TABLE batches (
    name TEXT PRIMARY KEY,
    issue INTEGER NOT NULL REFERENCES issues (id),
    variant INTEGER NOT NULL,
    n INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempt TEXT NOT NULL,
    count INTEGER NOT NULL,
    members BLOB NOT NULL,
    sealed INTEGER,
    UNIQUE (issue, variant, n)
) STRICT;

CREATE INDEX batches_by_state ON batches (state, issue, variant, n);

CREATE TABLE subscribers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    language TEXT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE subscriptions (
    subscriber INTEGER NOT NULL REFERENCES subscribers (id),
    newsletter TEXT NOT NULL,
    cadence TEXT NOT NULL,
    coverage INTEGER NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (subscriber, newsletter)
) STRICT;

CREATE INDEX subscriptions_by_stream
    ON subscriptions (newsletter, cadence, subscriber);

-- This member no longer, in issues up to and including upto_issue.
CREATE TABLE withdrawals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber INTEGER NOT NULL REFERENCES subscribers (id),
    newsletter TEXT NOT NULL,
    upto_issue INTEGER NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE INDEX withdrawals_by_member ON withdrawals (subscriber, newsletter);
