-- name: put_scan
INSERT INTO scans (site, time, posts, public, faults, warnings)
VALUES (:site, :time, :posts, :public, :faults, :warnings)
ON CONFLICT (site) DO UPDATE SET
    time = excluded.time, posts = excluded.posts, public = excluded.public,
    faults = excluded.faults, warnings = excluded.warnings

-- name: scans
SELECT * FROM scans ORDER BY site

-- name: drop_scans
DELETE FROM scans WHERE site NOT IN (SELECT value FROM json_each(:sites))

-- name: put_pass
INSERT INTO passes (id, ended, milliseconds, exit_status)
VALUES (1, :ended, :milliseconds, :exit_status)
ON CONFLICT (id) DO UPDATE SET
    ended = excluded.ended, milliseconds = excluded.milliseconds,
    exit_status = excluded.exit_status

-- name: pass
SELECT * FROM passes

-- name: put_trouble
INSERT INTO troubles (name, what, since) VALUES (:name, :what, :since)
ON CONFLICT (name) DO UPDATE SET what = excluded.what

-- name: troubles
SELECT * FROM troubles ORDER BY since, name

-- name: tell_trouble
UPDATE troubles SET told = 1 WHERE name = :name

-- name: end_trouble
DELETE FROM troubles WHERE name = :name

-- name: issues
SELECT newsletter, state, count(*) AS n FROM issues
GROUP BY newsletter, state ORDER BY newsletter, state

-- name: batches
SELECT state, count(*) AS n FROM batches
WHERE state IN ('open', 'sealed') GROUP BY state

-- name: letters
SELECT count(*) AS n FROM letters WHERE batch = ''
