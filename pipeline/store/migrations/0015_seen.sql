-- How many readers each newsletter has. Counting a million takes a second, and who
-- watches over us asks every few: the triggers below count along.
CREATE TABLE reader_counts (
    newsletter TEXT PRIMARY KEY,
    n INTEGER NOT NULL
) STRICT;

INSERT INTO reader_counts (newsletter, n)
SELECT p.newsletter, count(*) FROM subscriptions p
JOIN subscribers s ON s.id = p.subscriber
WHERE s.state = 'active' GROUP BY p.newsletter;

CREATE TRIGGER subscription_added AFTER INSERT ON subscriptions
WHEN (SELECT state FROM subscribers WHERE id = new.subscriber) = 'active'
BEGIN
    INSERT INTO reader_counts (newsletter, n) VALUES (new.newsletter, 1)
    ON CONFLICT (newsletter) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER subscription_removed AFTER DELETE ON subscriptions
WHEN (SELECT state FROM subscribers WHERE id = old.subscriber) = 'active'
BEGIN
    UPDATE reader_counts SET n = n - 1 WHERE newsletter = old.newsletter;
END;

CREATE TRIGGER subscriber_activated AFTER UPDATE OF state ON subscribers
WHEN new.state = 'active' AND old.state <> 'active'
BEGIN
    INSERT INTO reader_counts (newsletter, n)
    SELECT newsletter, 1 FROM subscriptions WHERE subscriber = new.id
    ON CONFLICT (newsletter) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER subscriber_ended AFTER UPDATE OF state ON subscribers
WHEN new.state <> 'active' AND old.state = 'active'
BEGIN
    UPDATE reader_counts SET n = n - 1
    WHERE newsletter IN (
        SELECT newsletter FROM subscriptions WHERE subscriber = new.id
    );
END;

-- What the last pass found of each site, and the last pass itself: one row, its id 1.
CREATE TABLE scans (
    site TEXT PRIMARY KEY,
    time INTEGER NOT NULL,
    posts INTEGER NOT NULL,
    public INTEGER NOT NULL,
    faults INTEGER NOT NULL,
    warnings INTEGER NOT NULL
) STRICT;

CREATE TABLE passes (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    ended INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    exit_status INTEGER NOT NULL
) STRICT;

-- What is wrong now, since when, and whether the owner was written to about it.
CREATE TABLE troubles (
    name TEXT PRIMARY KEY,
    what TEXT NOT NULL,
    since INTEGER NOT NULL,
    told INTEGER NOT NULL DEFAULT 0
) STRICT;
