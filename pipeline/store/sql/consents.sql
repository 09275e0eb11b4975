-- name: add
INSERT INTO consents (subscriber, newsletters, how, source, shown, created)
SELECT id, :newsletters, :how, :source, :shown, :created FROM subscribers
WHERE key = :key

-- name: add_again
UPDATE consents SET created = :created
WHERE subscriber = (SELECT id FROM subscribers WHERE key = :key)
    AND newsletters = :newsletters AND how = :how AND source = :source
    AND shown = :shown AND created > :since AND created <= :created

-- name: of_subscriber
SELECT newsletters, how, source, shown, created FROM consents
WHERE subscriber = :subscriber ORDER BY id

-- name: forget
DELETE FROM consents WHERE created < :before
    AND subscriber IN (SELECT id FROM subscribers WHERE state <> 'active')
    AND NOT EXISTS (SELECT 1 FROM withdrawals w
        WHERE w.subscriber = consents.subscriber AND w.created >= :before)
