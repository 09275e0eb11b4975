-- name: add
INSERT INTO issues (newsletter, cadence, number, kind, state, boundary,
    from_number, upto_number, opened)
VALUES (:newsletter, :cadence, :number, :kind, :state, :boundary,
    :from_number, :upto_number, :opened)
RETURNING id

-- name: add_correction
INSERT INTO issues (newsletter, cadence, number, kind, state, boundary,
    from_number, upto_number, opened, corrects, shown_number, intro)
SELECT :newsletter, :cadence, min(0, coalesce(min(number), 0)) - 1, :kind, :state,
    :boundary, 0, 0, :opened, :corrects, :shown_number, :intro
FROM issues WHERE newsletter = :newsletter AND cadence = :cadence
RETURNING id

-- name: corrections
SELECT * FROM issues WHERE corrects = :issue ORDER BY id

-- name: move
UPDATE issues SET state = :to WHERE id = :id AND state = :expected

-- name: drop_opened
DELETE FROM issues WHERE id = :id AND state = 'opened'

-- name: find
SELECT * FROM issues WHERE id = :id

-- name: last
SELECT * FROM issues
WHERE newsletter = :newsletter AND kind = 'regular' AND state IN ('sending', 'done')
    AND EXISTS (SELECT 1 FROM variants WHERE issue = issues.id)
ORDER BY cadence = :cadence DESC, id DESC LIMIT 1

-- name: is_waiting
SELECT 1 FROM issues WHERE newsletter = :newsletter AND cadence = :cadence
    AND kind = 'regular' AND state IN ('opened', 'held') LIMIT 1

-- name: is_put_off
SELECT 1 FROM issues WHERE id = (
        SELECT max(id) FROM issues
        WHERE newsletter = :newsletter AND cadence = :cadence AND kind = 'regular'
    ) AND state = 'stopped'
    AND NOT EXISTS (SELECT 1 FROM batches WHERE issue = issues.id)

-- name: held
SELECT * FROM issues WHERE state = 'held' AND newsletter = :newsletter ORDER BY id

-- name: highest_unfrozen
SELECT coalesce(max(upto_number), 0) AS number FROM issues
WHERE newsletter = :newsletter AND state IN ('opened', 'held')

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
SELECT coalesce(max(seq), 0) AS id FROM sqlite_sequence WHERE name = 'issues'

-- name: add_variant
INSERT INTO variants (issue, n, language, posts, page)
VALUES (:issue, :n, :language, :posts, :page)

-- name: variants
SELECT n, language, posts, page FROM variants WHERE issue = :issue ORDER BY n

-- name: variant
SELECT n, language, posts, page FROM variants WHERE issue = :issue AND n = :n

-- name: give
INSERT INTO given (post, issue, variant, number)
VALUES (:post, :issue, :variant, :number)

-- name: given
SELECT g.post, g.issue, g.variant, g.number FROM given g
JOIN issues i ON i.id = g.issue
WHERE i.newsletter = :newsletter
    AND g.post IN (SELECT value FROM json_each(:posts))

-- name: put_draft
INSERT INTO drafts (issue, key, page) VALUES (:issue, :key, :page)

-- name: add_drafted_variant
INSERT INTO variants (issue, n, language, posts, page)
SELECT :issue, :n, :language, :posts, page FROM drafts
WHERE issue = :issue AND key = :key

-- name: drop_drafts
DELETE FROM drafts WHERE issue = :issue
