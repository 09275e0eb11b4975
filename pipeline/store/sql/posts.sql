-- name: known
SELECT id, path, url, digest, text_digest, absent_since,
    CASE WHEN present THEN NULL ELSE record END AS record
FROM posts WHERE site = :site ORDER BY path

-- name: records
SELECT id, record, live_since, changed FROM posts
WHERE site = :site AND present = 1 ORDER BY path

-- name: changed
SELECT id, record, live_since, changed FROM posts
WHERE site = :site AND present = 1 AND changed > :since ORDER BY path

-- name: record
SELECT id, record, live_since, changed FROM posts WHERE id = :id

-- name: of_newsletter
SELECT p.record FROM listings l JOIN posts p ON p.id = l.post
WHERE l.newsletter = :newsletter AND p.present = 1
ORDER BY json_extract(p.record, '$.published') DESC, p.id LIMIT :limit

-- name: present
SELECT record FROM posts
WHERE present = 1 AND id IN (SELECT value FROM json_each(:ids))

-- name: find
SELECT id, record, text FROM posts WHERE id = :id

-- name: put
INSERT INTO posts
    (id, site, path, url, digest, text_digest, present, record, text, changed)
VALUES (:id, :site, :path, :url, :digest, :text_digest, 1, :record, :text, :changed)
ON CONFLICT (id) DO UPDATE SET
    changed = CASE WHEN posts.digest = excluded.digest THEN posts.changed
        ELSE excluded.changed END,
    site = excluded.site, path = excluded.path, url = excluded.url,
    digest = excluded.digest, text_digest = excluded.text_digest, present = 1,
    absent_since = NULL,
    record = excluded.record, text = excluded.text
WHERE posts.site = excluded.site

-- name: mark_absent
UPDATE posts SET present = 0, absent_since = coalesce(absent_since, :time)
WHERE id = :id

-- name: gone
SELECT record FROM posts
WHERE site = :site AND present = 0 AND live_since IS NOT NULL AND absent_since > :since
ORDER BY path

-- name: mark_live
UPDATE posts SET live_since = :time WHERE id = :id AND live_since IS NULL

-- name: count_below
SELECT count(*) AS n FROM posts
WHERE site = :site AND substr(url, 1, length(:url)) = :url

-- name: rename_site
UPDATE posts SET site = :to WHERE site = :site
