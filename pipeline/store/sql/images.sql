-- name: put
INSERT INTO images (digest, media_type, data) VALUES (:digest, :media_type, :data)
ON CONFLICT (digest) DO NOTHING

-- name: drop_from_rendition
DELETE FROM rendition_images WHERE post = :post

-- name: show_in_rendition
INSERT INTO rendition_images (post, digest) VALUES (:post, :digest)
ON CONFLICT DO NOTHING

-- name: show_in_issue
INSERT INTO issue_images (issue, digest) VALUES (:issue, :digest)
ON CONFLICT DO NOTHING

-- name: find
SELECT data FROM images WHERE digest = :digest

-- name: of_post
SELECT i.digest, i.media_type, length(i.data) AS size FROM images i
JOIN rendition_images r ON r.digest = i.digest
WHERE r.post = :post ORDER BY i.digest

-- name: drop_of_done_issues
DELETE FROM issue_images
WHERE issue IN (SELECT id FROM issues WHERE state = 'done')

-- name: drop_unused
DELETE FROM images
WHERE NOT EXISTS (SELECT 1 FROM rendition_images r WHERE r.digest = images.digest)
  AND NOT EXISTS (SELECT 1 FROM issue_images i WHERE i.digest = images.digest)
  AND NOT EXISTS (SELECT 1 FROM edition_images e WHERE e.digest = images.digest)
