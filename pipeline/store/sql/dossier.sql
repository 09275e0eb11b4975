-- name: record
SELECT * FROM subscribers WHERE key = :key

-- name: subscriptions
SELECT * FROM subscriptions WHERE subscriber = :subscriber ORDER BY newsletter

-- name: withdrawals
SELECT * FROM withdrawals WHERE subscriber = :subscriber ORDER BY id

-- name: moves
SELECT * FROM moves WHERE subscriber = :subscriber ORDER BY id

-- name: consents
SELECT * FROM consents WHERE subscriber = :subscriber ORDER BY id
