-- What other programs tell of a reader: tags, a JSON list; when they confirmed, and
-- since when they get no mail.
ALTER TABLE subscribers ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE subscribers ADD COLUMN confirmed INTEGER;
ALTER TABLE subscribers ADD COLUMN ended INTEGER;

-- How far an import has come, by the digest of its files and of what was asked.
-- `tallies` has a JSON object of outcomes for each file, and no address.
CREATE TABLE imports (
    key TEXT PRIMARY KEY,
    started INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    tallies TEXT NOT NULL,
    refused_bytes INTEGER NOT NULL
) STRICT;
