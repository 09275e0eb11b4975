-- name: add
INSERT INTO letters (kind, newsletter, ask, created)
VALUES (:kind, :newsletter, :ask, :created)

-- name: newsletters
SELECT newsletter FROM letters WHERE batch = '' GROUP BY newsletter ORDER BY min(id)

-- name: waiting
SELECT id, kind, ask FROM letters WHERE batch = '' AND newsletter = :newsletter
ORDER BY id LIMIT :limit

-- name: take
UPDATE letters SET batch = :batch
WHERE batch = '' AND id IN (SELECT value FROM json_each(:ids))

-- name: seal
INSERT INTO letter_batches (name, attempt) VALUES (:name, :attempt)

-- name: sealed
SELECT name, attempt FROM letter_batches ORDER BY name

-- name: drop
DELETE FROM letters WHERE id IN (SELECT value FROM json_each(:ids))

-- name: drop_batch
DELETE FROM letter_batches WHERE name = :name

-- name: drop_letters
DELETE FROM letters WHERE batch = :name

-- name: last_issue
SELECT id FROM issues
WHERE newsletter = :newsletter AND kind = 'regular' AND state IN ('sending', 'done')
    AND EXISTS (SELECT 1 FROM variants WHERE issue = issues.id)
ORDER BY id DESC LIMIT 1

-- name: release
UPDATE letters SET batch = '' WHERE batch = :batch
