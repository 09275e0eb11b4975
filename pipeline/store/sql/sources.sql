-- name: all
SELECT path, size, mtime_ns, ctime_ns, inode, scanned_ns, reading, post, faults
FROM sources WHERE site = :site

-- name: put
INSERT INTO sources
    (site, path, size, mtime_ns, ctime_ns, inode, scanned_ns, reading, post, faults)
VALUES (:site, :path, :size, :mtime_ns, :ctime_ns, :inode, :scanned_ns, :reading,
    :post, :faults)
ON CONFLICT (site, path) DO UPDATE SET
    size = excluded.size, mtime_ns = excluded.mtime_ns,
    ctime_ns = excluded.ctime_ns, inode = excluded.inode,
    scanned_ns = excluded.scanned_ns, reading = excluded.reading,
    post = excluded.post, faults = excluded.faults

-- name: forget
DELETE FROM sources WHERE site = :site AND path = :path
