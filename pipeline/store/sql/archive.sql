-- name: put
INSERT INTO editions (issue, listed, digest, summary, edition)
VALUES (:issue, 1, :digest, :summary, :edition)
ON CONFLICT (issue) DO UPDATE SET
    digest = excluded.digest, summary = excluded.summary, edition = excluded.edition

-- name: keep_image
INSERT INTO edition_images (issue, digest)
SELECT :issue, digest FROM images WHERE digest = :digest
ON CONFLICT DO NOTHING

-- name: listed
SELECT e.issue, e.digest, e.summary FROM editions e
JOIN issues i ON i.id = e.issue
WHERE i.newsletter = :newsletter AND e.listed ORDER BY i.number

-- name: find
SELECT edition FROM editions WHERE issue = :issue

-- name: list
UPDATE editions SET listed = :listed WHERE issue = :issue

-- name: images
SELECT DISTINCT m.digest FROM edition_images m
JOIN editions e ON e.issue = m.issue
JOIN issues i ON i.id = e.issue
WHERE i.newsletter = :newsletter AND e.listed ORDER BY m.digest
