-- Why somebody left, without who it was: `day` is the midnight (UTC) before, so that
-- it cannot be joined with the withdrawal of that moment.
CREATE TABLE departures (
    id INTEGER PRIMARY KEY,
    newsletter TEXT NOT NULL,
    day INTEGER NOT NULL,
    reason TEXT NOT NULL,
    words TEXT NOT NULL
) STRICT;

CREATE INDEX departures_by_newsletter ON departures (newsletter, day);
