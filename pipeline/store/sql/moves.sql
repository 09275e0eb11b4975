-- name: add
INSERT INTO moves (subscriber, address, key, how, source, created)
SELECT id, address, key, :how, :source, :created FROM subscribers WHERE id = :subscriber

-- name: readdress
UPDATE subscribers SET address = :address, key = :key WHERE id = :subscriber

-- name: of_subscriber
SELECT address, key FROM moves WHERE subscriber = :subscriber ORDER BY id

-- name: moved_from
SELECT s.key FROM moves m JOIN subscribers s ON s.id = m.subscriber
WHERE m.key = :key ORDER BY m.id DESC LIMIT 1

-- name: forget
DELETE FROM moves WHERE created < :before
    AND subscriber IN (SELECT id FROM subscribers WHERE state <> 'active')
    AND NOT EXISTS (SELECT 1 FROM withdrawals w
        WHERE w.subscriber = moves.subscriber AND w.created >= :before)
