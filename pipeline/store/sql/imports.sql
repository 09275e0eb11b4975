-- name: find
SELECT * FROM imports WHERE key = :key

-- name: note
INSERT INTO imports (key, started, file, line, tallies, refused_bytes)
VALUES (:key, :started, :file, :line, :tallies, :refused_bytes)
ON CONFLICT (key) DO UPDATE SET file = excluded.file, line = excluded.line,
    tallies = excluded.tallies, refused_bytes = excluded.refused_bytes

-- name: forget
DELETE FROM imports WHERE key = :key
