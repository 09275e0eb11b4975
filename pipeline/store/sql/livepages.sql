-- name: find
SELECT * FROM live_pages WHERE post IN (SELECT value FROM json_each(:posts))

-- name: put
INSERT INTO live_pages (post, url, begun, tries, next, answer, live)
VALUES (:post, :url, :begun, :tries, :next, :answer, :live)
ON CONFLICT (post) DO UPDATE SET url = excluded.url, begun = excluded.begun,
    tries = excluded.tries, next = excluded.next, answer = excluded.answer,
    live = excluded.live
