-- name: find
SELECT value FROM ties WHERE name = :name

-- name: put
INSERT INTO ties (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
