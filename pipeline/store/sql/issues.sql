-- name: add
INSERT INTO issues (newsletter, cadence, number, kind, state, boundary,
    from_number, upto_number, opened)
VALUES (:newsletter, :cadence, :number, :kind, :state, :boundary,
    :from_number, :upto_number, :opened)
RETURNING id

-- name: move
UPDATE issues SET state = :to WHERE id = :id AND state = :expected

-- name: find
SELECT * FROM issues WHERE id = :id

-- name: unfinished
SELECT * FROM issues WHERE state IN ('opened', 'frozen', 'sending') ORDER BY id

-- name: all
SELECT i.*,
    (SELECT coalesce(sum(b.count), 0) FROM batches b WHERE b.issue = i.id) AS members,
    (SELECT count(*) FROM batches b WHERE b.issue = i.id) AS batches,
    (SELECT count(*) FROM batches b WHERE b.issue = i.id AND b.state = 'handed')
        AS handed
FROM issues i WHERE :newsletter = '' OR newsletter = :newsletter ORDER BY id

-- name: newest
SELECT coalesce(max(id), 0) AS id FROM issues

-- name: add_variant
INSERT INTO variants (issue, n, language, posts, page)
VALUES (:issue, :n, :language, :posts, :page)

-- name: variants
SELECT n, language, posts, page FROM variants WHERE issue = :issue ORDER BY n
