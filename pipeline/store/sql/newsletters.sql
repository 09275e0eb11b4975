-- name: find
SELECT started, selection, listed, last_number FROM newsletters WHERE name = :name

-- name: add
INSERT INTO newsletters (name, started, selection, listed, last_number)
VALUES (:name, :started, :selection, :started, 0)

-- name: note_listing
UPDATE newsletters SET selection = :selection, listed = :time WHERE name = :name

-- name: listed
SELECT post FROM listings WHERE newsletter = :name

-- name: next_number
UPDATE newsletters SET last_number = last_number + 1 WHERE name = :name
RETURNING last_number

-- name: list
INSERT INTO listings (newsletter, post, number) VALUES (:name, :post, :number)

-- name: unlist
DELETE FROM listings
WHERE newsletter = :name AND post = :post

-- name: unlist_all
DELETE FROM listings WHERE newsletter = :name

-- name: numbered
SELECT number, post FROM listings
WHERE newsletter = :name AND number > :from_number AND number <= :upto_number
ORDER BY number

-- name: stream
SELECT last_boundary, last_number, issues FROM streams
WHERE newsletter = :name AND cadence = :cadence

-- name: has_begun
SELECT 1 FROM streams WHERE newsletter = :name AND issues > 0 LIMIT 1

-- name: add_stream
INSERT INTO streams (newsletter, cadence, last_boundary, last_number, issues)
VALUES (:name, :cadence, :boundary, :last_number, 0)

-- name: move_boundary
UPDATE streams SET last_boundary = :boundary, last_number = :last_number
WHERE newsletter = :name AND cadence = :cadence AND last_boundary = :expected

-- name: uncount_issue
UPDATE streams SET issues = issues - 1, last_number = :from_number
WHERE newsletter = :name AND cadence = :cadence
    AND issues = :number AND last_number = :upto_number

-- name: others_are_past
SELECT 1 FROM streams
WHERE newsletter = :name AND cadence <> :cadence AND last_number >= :number LIMIT 1

-- name: count_issue
UPDATE streams SET issues = issues + 1
WHERE newsletter = :name AND cadence = :cadence
RETURNING issues

-- name: accept
INSERT INTO accepted_news (newsletter, post) VALUES (:name, :post)
ON CONFLICT DO NOTHING

-- name: accepted
SELECT post FROM accepted_news WHERE newsletter = :name

-- name: drop_accepted
DELETE FROM accepted_news WHERE newsletter = :name AND post = :post

-- name: set_number
UPDATE listings SET number = :number WHERE newsletter = :name AND post = :post
