-- name: find
SELECT inputs, size, mtime_ns FROM documents WHERE path = :path

-- name: put
INSERT INTO documents (path, inputs, size, mtime_ns)
VALUES (:path, :inputs, :size, :mtime_ns)
ON CONFLICT (path) DO UPDATE SET
    inputs = excluded.inputs, size = excluded.size, mtime_ns = excluded.mtime_ns

-- name: all
SELECT path, inputs, size, mtime_ns FROM documents

-- name: forget
DELETE FROM documents WHERE path = :path
