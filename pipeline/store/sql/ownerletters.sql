-- name: add
INSERT INTO owner_letters (key, kind, recipient, words, page, created)
VALUES (:key, :kind, :recipient, :words, :page, :created)
ON CONFLICT (key) DO NOTHING

-- name: find
SELECT 1 FROM owner_letters WHERE key = :key

-- name: is_out
SELECT 1 FROM owner_letters WHERE key = :key AND out = 1

-- name: waiting
SELECT * FROM owner_letters WHERE batch = '' AND out = 0 ORDER BY id LIMIT :limit

-- name: take
UPDATE owner_letters SET batch = :batch
WHERE batch = '' AND out = 0 AND id IN (SELECT value FROM json_each(:ids))

-- name: release
UPDATE owner_letters SET batch = '' WHERE batch = :batch

-- name: hand
UPDATE owner_letters SET out = 1, batch = '', words = '{}', page = NULL,
    recipient = ''
WHERE batch = :batch AND batch <> ''

-- name: drop
UPDATE owner_letters SET out = 1, words = '{}', page = NULL,
    recipient = ''
WHERE batch = '' AND id IN (SELECT value FROM json_each(:ids))

-- name: forget
DELETE FROM owner_letters WHERE out = 1 AND created < :before

-- name: of_recipient
SELECT kind, created FROM owner_letters
WHERE lower(recipient) = :key ORDER BY id

-- name: forget_of
DELETE FROM owner_letters WHERE lower(recipient) = :key
