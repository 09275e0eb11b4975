-- name: add
INSERT INTO batches (name, issue, variant, n, state, attempt, count, members)
VALUES (:name, :issue, :variant, :n, 'open', '', :count, :members)

-- name: open
SELECT * FROM batches WHERE issue = :issue AND state = 'open' ORDER BY variant, n

-- name: sealed
SELECT name, attempt FROM batches WHERE state = 'sealed' ORDER BY name

-- name: of_issue
SELECT * FROM batches WHERE issue = :issue ORDER BY variant, n

-- name: seal
UPDATE batches SET state = 'sealed', attempt = :attempt, sealed = :sealed
WHERE name = :name AND state = 'open'
    AND issue IN (SELECT id FROM issues WHERE state = 'sending')

-- name: hand
UPDATE batches SET state = 'handed' WHERE name = :name AND state = 'sealed'

-- name: not_handed
SELECT count(*) AS n FROM batches WHERE issue = :issue AND state <> 'handed'

-- name: find
SELECT * FROM batches WHERE name = :name
