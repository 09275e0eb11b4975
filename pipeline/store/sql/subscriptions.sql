-- name: of_reader
SELECT newsletter, cadence, topics, language, paused_until FROM subscriptions
WHERE subscriber = :subscriber ORDER BY newsletter

-- name: among
SELECT subscriber FROM subscriptions
WHERE newsletter = :newsletter AND subscriber IN (SELECT value FROM json_each(:members))

-- name: choose
UPDATE subscriptions SET cadence = :cadence, topics = :topics, language = :language,
    paused_until = :paused_until
WHERE subscriber = :subscriber AND newsletter = :newsletter

-- name: retire
UPDATE subscriptions SET cadence = :own
WHERE newsletter = :newsletter
    AND cadence NOT IN (SELECT value FROM json_each(:offered))

-- name: members
SELECT s.id, coalesce(nullif(p.language, ''), s.language) AS language, p.coverage,
    p.topics
FROM subscriptions p JOIN subscribers s ON s.id = p.subscriber
WHERE p.newsletter = :newsletter AND p.cadence = :cadence AND s.state = 'active'
    AND p.coverage >= :from_number AND p.coverage < :upto_number
    AND coalesce(p.paused_until, 0) <= :now
    AND p.subscriber NOT IN (SELECT w.subscriber FROM withdrawals w
        WHERE w.newsletter = :newsletter AND w.upto_issue >= :issue)
    AND p.subscriber > :after
ORDER BY p.subscriber LIMIT :limit

-- name: pass
UPDATE subscriptions SET coverage = :upto_number
WHERE newsletter = :newsletter AND cadence = :cadence
    AND coverage >= :from_number AND coverage < :upto_number
    AND subscriber NOT IN (SELECT w.subscriber FROM withdrawals w
        WHERE w.newsletter = :newsletter AND w.upto_issue >= :issue)

-- name: waiting
SELECT p.topics, min(p.coverage) AS coverage
FROM subscriptions p JOIN subscribers s ON s.id = p.subscriber
WHERE p.newsletter = :newsletter AND p.cadence = :cadence AND s.state = 'active'
    AND coalesce(p.paused_until, 0) <= :now
GROUP BY p.topics

-- name: coverages
SELECT DISTINCT coverage FROM subscriptions
WHERE newsletter = :newsletter AND cadence = :cadence ORDER BY coverage

-- name: lowest
SELECT min(coverage) AS coverage FROM subscriptions WHERE newsletter = :newsletter

-- name: has_members
SELECT 1 FROM subscriptions p JOIN subscribers s ON s.id = p.subscriber
WHERE p.newsletter = :newsletter AND s.state = 'active'
LIMIT 1
