-- name: find
SELECT key, refs, faults, record FROM renditions WHERE post = :post

-- name: keys
SELECT r.post, r.key, r.refs, r.faults FROM renditions r
JOIN posts p ON p.id = r.post WHERE p.site = :site

-- name: put
INSERT INTO renditions (post, key, refs, faults, record)
VALUES (:post, :key, :refs, :faults, :record)
ON CONFLICT (post) DO UPDATE SET
    key = excluded.key, refs = excluded.refs, faults = excluded.faults,
    record = excluded.record
