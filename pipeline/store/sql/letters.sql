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
SELECT name, attempt FROM letter_batches WHERE NOT handed ORDER BY name

-- name: drop
DELETE FROM letters WHERE id IN (SELECT value FROM json_each(:ids))

-- name: hand
UPDATE letter_batches SET handed = 1 WHERE name = :name

-- name: handed
SELECT name FROM letter_batches WHERE handed ORDER BY name

-- name: withdrawn
SELECT -id AS member FROM letters WHERE batch = :batch AND withdrawn

-- name: withdraw
UPDATE letters SET withdrawn = 1
WHERE kind <> 'moved' AND ask IN (SELECT id FROM asks WHERE key = :key) AND (:newsletter = ''
    OR CASE kind WHEN 'welcome' THEN newsletter = :newsletter
    ELSE :newsletter IN (
        SELECT n.value FROM asks a, json_each(a.newsletters) n WHERE a.id = letters.ask)
    END)

-- name: withdraw_told
UPDATE letters SET withdrawn = 1 WHERE kind = 'moved' AND ask IN (
    SELECT a.id FROM asks a
    JOIN moves m ON m.subscriber = a.reader AND m.address = a.former
    WHERE m.key = :key)

-- name: withdraw_moves
UPDATE letters SET withdrawn = 1
WHERE kind = 'move' AND ask IN (SELECT id FROM asks WHERE reader = :reader)

-- name: withdraw_at
UPDATE letters SET withdrawn = 1 WHERE kind <> 'moved' AND ask IN (
    SELECT id FROM asks
    WHERE substr(key, -length(:domain)) = :domain
        OR substr(key, -length(:below)) = :below)

-- name: withdraw_told_at
UPDATE letters SET withdrawn = 1 WHERE kind = 'moved' AND ask IN (
    SELECT a.id FROM asks a
    JOIN moves m ON m.subscriber = a.reader AND m.address = a.former
    WHERE substr(m.key, -length(:domain)) = :domain
        OR substr(m.key, -length(:below)) = :below)

-- name: withdraw_expired
UPDATE letters SET withdrawn = 1
WHERE kind IN ('answer', 'move') AND batch != ''
    AND ask IN (SELECT id FROM asks WHERE expires <= :time)

-- name: drop_withdrawn
DELETE FROM letters WHERE withdrawn AND batch = ''

-- name: drop_batch
DELETE FROM letter_batches WHERE name = :name

-- name: drop_letters
DELETE FROM letters WHERE batch = :name

-- name: release
UPDATE letters SET batch = '' WHERE batch = :batch
