-- name: add
INSERT INTO skips (issue, post, number) VALUES (:issue, :post, :number)

-- name: drop
DELETE FROM skips WHERE issue = :issue AND post = :post RETURNING number

-- name: of_issue
SELECT post, number FROM skips WHERE issue = :issue ORDER BY number
