-- name: add
INSERT INTO asks (address, key, newsletters, language, page, network, words, created,
    expires, reader, former)
VALUES (:address, :key, :newsletters, :language, :page, :network, :words, :created,
    :expires, :reader, :former)
RETURNING id

-- name: find
SELECT * FROM asks WHERE id = :id

-- name: confirm
UPDATE asks SET confirmed = :time WHERE id = :id AND confirmed IS NULL

-- name: by_key
SELECT * FROM asks WHERE key = :key ORDER BY id

-- name: forget
DELETE FROM asks WHERE expires <= :time AND NOT EXISTS (
    SELECT 1 FROM letters WHERE ask = asks.id AND (
        kind IN ('welcome', 'moved') OR batch != '' AND NOT withdrawn))

-- name: forget_of
DELETE FROM asks WHERE key = :key

-- name: by_reader
SELECT * FROM asks WHERE reader = :reader AND key <> :key ORDER BY id

-- name: forget_by
DELETE FROM asks WHERE reader = :reader

-- name: try
INSERT INTO tries (who, time) VALUES (:who, :time)

-- name: count_tries
SELECT count(*) AS n FROM tries WHERE who = :who AND time > :since

-- name: forget_tries
DELETE FROM tries WHERE time <= :time
