-- name: add
INSERT INTO batches (name, issue, variant, n, state, attempt, count, members)
VALUES (:name, :issue, :variant, :n, 'open', '', :count, :members)

-- name: open
SELECT * FROM batches WHERE issue = :issue AND state = 'open'
ORDER BY variant = 0, variant, n

-- name: sealed
SELECT name, attempt FROM batches WHERE state = 'sealed' ORDER BY name

-- name: of_issue
SELECT * FROM batches WHERE issue = :issue ORDER BY variant = 0, variant, n

-- name: seal
UPDATE batches SET state = 'sealed', attempt = :attempt, sealed = :sealed
WHERE name = :name AND state = 'open'
    AND issue IN (SELECT id FROM issues WHERE state = 'sending')

-- name: hand
UPDATE batches SET state = 'handed' WHERE name = :name AND state = 'sealed'

-- name: not_handed
SELECT count(*) AS n FROM batches WHERE issue = :issue AND state <> 'handed'

-- name: tally
SELECT count(*) AS batches, coalesce(sum(count), 0) AS members FROM batches
WHERE issue = :issue

-- name: find
SELECT * FROM batches WHERE name = :name

-- name: add_part
INSERT INTO batch_variants (batch, issue, variant, members)
VALUES (:batch, :issue, :variant, :members)

-- name: parts
SELECT variant, members FROM batch_variants WHERE batch = :batch ORDER BY variant

-- name: members_of_variant
SELECT members FROM batches WHERE issue = :issue AND variant = :variant
UNION ALL
SELECT members FROM batch_variants WHERE issue = :issue AND variant = :variant
