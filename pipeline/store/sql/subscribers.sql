-- name: add
INSERT INTO subscribers
    (address, key, state, language, name, source, created, tags, confirmed, ended)
VALUES (:address, :key, :state, :language, :name, :source, :created, :tags,
    :confirmed, :ended)
RETURNING id

-- name: find
SELECT * FROM subscribers WHERE key = :key

-- name: at_domain
SELECT key FROM subscribers
WHERE substr(key, -length(:domain)) = :domain OR substr(key, -length(:below)) = :below
ORDER BY id

-- name: page
SELECT * FROM subscribers WHERE id > :after ORDER BY id LIMIT :limit

-- name: move
UPDATE subscribers SET state = :state, ended = :ended WHERE id = :id

-- name: by_ids
SELECT * FROM subscribers WHERE id IN (SELECT value FROM json_each(:ids))
ORDER BY id

-- name: subscribe
INSERT INTO subscriptions (subscriber, newsletter, cadence, coverage, created)
SELECT :subscriber, :newsletter, :cadence,
    max(:coverage, coalesce(max(w.coverage), 0)), :created
FROM withdrawals w
WHERE w.subscriber = :subscriber AND w.newsletter = :newsletter
ON CONFLICT (subscriber, newsletter) DO NOTHING

-- name: unsubscribe
DELETE FROM subscriptions WHERE subscriber = :subscriber AND newsletter = :newsletter

-- name: left_newsletters
SELECT DISTINCT newsletter FROM withdrawals WHERE subscriber = :subscriber

-- name: newsletters
SELECT newsletter FROM subscriptions WHERE subscriber = :subscriber
ORDER BY newsletter

-- name: newsletters_of_page
SELECT subscriber, newsletter FROM subscriptions
WHERE subscriber > :after AND subscriber <= :upto ORDER BY subscriber, newsletter

-- name: count
SELECT newsletter, n FROM reader_counts WHERE n > 0 ORDER BY newsletter

-- name: withdraw
INSERT INTO withdrawals (subscriber, newsletter, upto_issue, created, coverage)
SELECT :subscriber, :newsletter, :upto_issue, :created, coalesce(max(p.coverage), 0)
FROM subscriptions p
WHERE p.subscriber = :subscriber AND p.newsletter = :newsletter

-- name: withdraw_again
UPDATE withdrawals SET upto_issue = max(upto_issue, :upto_issue),
    created = max(created, :created),
    coverage = max(coverage, coalesce((SELECT p.coverage FROM subscriptions p
        WHERE p.subscriber = :subscriber AND p.newsletter = :newsletter), 0))
WHERE subscriber = :subscriber AND newsletter = :newsletter AND created > :since

-- name: withdrawn
SELECT DISTINCT w.subscriber FROM withdrawals w
WHERE w.newsletter = :newsletter AND w.upto_issue >= :issue
    AND w.subscriber IN (SELECT value FROM json_each(:members))
