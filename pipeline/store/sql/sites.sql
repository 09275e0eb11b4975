-- name: find
SELECT started FROM sites WHERE name = :name

-- name: add
INSERT INTO sites (name, started, gone_upto) VALUES (:name, :started, :started)
ON CONFLICT (name) DO NOTHING

-- name: looked
SELECT looked, gone_upto FROM sites WHERE name = :name

-- name: look
UPDATE sites SET looked = :time
WHERE name = :name AND (looked IS NULL OR looked < :time - :tick OR looked > :time)

-- name: settle_gone
UPDATE sites SET gone_upto = max(gone_upto, :time) WHERE name = :name

-- name: all
SELECT name FROM sites ORDER BY name

-- name: rename
UPDATE sites SET name = :to WHERE name = :name
