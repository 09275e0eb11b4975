-- name: add
INSERT INTO subscribers (address, key, state, language, name, source, created)
VALUES (:address, :key, :state, :language, :name, :source, :created)
RETURNING id

-- name: find
SELECT * FROM subscribers WHERE key = :key

-- name: page
SELECT * FROM subscribers WHERE id > :after ORDER BY id LIMIT :limit

-- name: move
UPDATE subscribers SET state = :state WHERE id = :id

-- name: by_ids
SELECT * FROM subscribers WHERE id IN (SELECT value FROM json_each(:ids))
ORDER BY id

-- name: subscribe
INSERT INTO subscriptions (subscriber, newsletter, cadence, coverage, created)
VALUES (:subscriber, :newsletter, :cadence, :coverage, :created)
ON CONFLICT (subscriber, newsletter) DO NOTHING

-- name: unsubscribe
DELETE FROM subscriptions WHERE subscriber = :subscriber AND newsletter = :newsletter

-- name: newsletters
SELECT newsletter FROM subscriptions WHERE subscriber = :subscriber
ORDER BY newsletter

-- name: newsletters_of_page
SELECT subscriber, newsletter FROM subscriptions
WHERE subscriber > :after AND subscriber <= :upto ORDER BY subscriber, newsletter

-- name: count
SELECT p.newsletter, count(*) AS n FROM subscriptions p
JOIN subscribers s ON s.id = p.subscriber
WHERE s.state = 'active' GROUP BY p.newsletter

-- name: members
SELECT s.id, s.language, p.coverage FROM subscriptions p
JOIN subscribers s ON s.id = p.subscriber
WHERE p.newsletter = :newsletter AND p.cadence = :cadence AND s.state = 'active'
    AND p.subscriber > :after
ORDER BY p.subscriber LIMIT :limit

-- name: has_members
SELECT 1 FROM subscriptions p JOIN subscribers s ON s.id = p.subscriber
WHERE p.newsletter = :newsletter AND p.cadence = :cadence AND s.state = 'active'
LIMIT 1

-- name: withdraw
INSERT INTO withdrawals (subscriber, newsletter, upto_issue, created)
VALUES (:subscriber, :newsletter, :upto_issue, :created)

-- name: withdrawn
SELECT DISTINCT w.subscriber FROM withdrawals w
WHERE w.newsletter = :newsletter AND w.upto_issue >= :issue
    AND w.subscriber IN (SELECT value FROM json_each(:members))
