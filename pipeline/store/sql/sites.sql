-- name: find
SELECT started FROM sites WHERE name = :name

-- name: add
INSERT INTO sites (name, started) VALUES (:name, :started)
ON CONFLICT (name) DO NOTHING

-- name: all
SELECT name FROM sites ORDER BY name

-- name: rename
UPDATE sites SET name = :to WHERE name = :name
