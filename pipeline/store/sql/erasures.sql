-- name: begin
INSERT INTO erasures (subscriber, rule, begun, scrubbed)
VALUES (:subscriber, :rule, :begun, 0)

-- name: pending
SELECT id, subscriber, rule, begun, scrubbed FROM erasures ORDER BY id

-- name: note_scrubbed
UPDATE erasures SET scrubbed = 1
WHERE id IN (SELECT value FROM json_each(:ids))

-- name: finish
DELETE FROM erasures WHERE id = :id AND scrubbed = 1

-- name: erase_consents
DELETE FROM consents WHERE subscriber = :subscriber

-- name: erase_moves
DELETE FROM moves WHERE subscriber = :subscriber

-- name: erase_subscriptions
DELETE FROM subscriptions WHERE subscriber = :subscriber

-- name: erase_withdrawals
DELETE FROM withdrawals WHERE subscriber = :subscriber

-- name: erase_subscriber
DELETE FROM subscribers WHERE id = :subscriber
