-- name: add
INSERT INTO restores (kind, after, upto, readers, found)
VALUES (:kind, :after, :upto, :readers, :found)

-- name: open
SELECT * FROM restores WHERE settled IS NULL ORDER BY id DESC LIMIT 1

-- name: settle
UPDATE restores SET settled = :time WHERE id = :id

-- name: newsletter
INSERT INTO newsletters (name, started, selection, listed, last_number)
VALUES (:name, :started, :selection, :started, 0) ON CONFLICT DO NOTHING

-- name: reach_number
UPDATE newsletters SET last_number = max(last_number, :number) WHERE name = :name

-- name: stream
INSERT INTO streams (newsletter, cadence, last_boundary, last_number, issues)
VALUES (:newsletter, :cadence, :boundary, 0, 0) ON CONFLICT DO NOTHING

-- name: reach
UPDATE streams SET issues = max(issues, :number),
    last_boundary = max(last_boundary, :boundary),
    last_number = max(last_number, :upto)
WHERE newsletter = :newsletter AND cadence = :cadence

-- name: pass_given
UPDATE streams SET last_number = max(last_number, coalesce((
    SELECT max(s.last_number) FROM streams s WHERE s.newsletter = streams.newsletter
), 0))
WHERE cadence = :cadence

-- name: issue
INSERT INTO issues (id, newsletter, cadence, number, kind, state, boundary,
    from_number, upto_number, opened)
SELECT :id, :newsletter, :cadence,
    CASE WHEN max(number = :number) THEN max(number) + 1 ELSE :number END,
    :kind, 'done', :boundary, :from_number, :upto_number, :opened
FROM issues WHERE newsletter = :newsletter AND cadence = :cadence
ON CONFLICT (id) DO NOTHING

-- name: hand
UPDATE batches SET state = 'handed', attempt = :attempt, sealed = :sealed
WHERE name = :name AND state <> 'handed'

-- name: add_batch
INSERT INTO batches (name, issue, variant, n, state, attempt, count, members, sealed)
VALUES (:name, :issue, :variant, :n, 'handed', :attempt, :count, :members, :sealed)
ON CONFLICT DO NOTHING

-- name: add_part
INSERT INTO batch_variants (batch, issue, variant, members)
SELECT :batch, :issue, :variant, :members
WHERE EXISTS (SELECT 1 FROM batches WHERE name = :batch AND variant = 0)
ON CONFLICT DO NOTHING

-- name: give
INSERT INTO given (post, issue, variant, number)
VALUES (:post, :issue, :variant, :number) ON CONFLICT DO NOTHING

-- name: cover
UPDATE subscriptions SET coverage = :upto
WHERE newsletter = :newsletter AND coverage < :upto
    AND subscriber IN (SELECT value FROM json_each(:members))

-- name: number
INSERT INTO listings (newsletter, post, number)
SELECT :newsletter, p.id, :number FROM posts p
WHERE p.id = :post AND NOT EXISTS (SELECT 1 FROM listings l
    WHERE l.newsletter = :newsletter AND l.number = :number)
ON CONFLICT (newsletter, post) DO UPDATE SET number = excluded.number

-- name: pass_post
INSERT INTO listings (newsletter, post, number)
SELECT n.name, p.id, NULL FROM posts p, newsletters n
WHERE p.id = :post AND n.name = :newsletter
ON CONFLICT (newsletter, post) DO UPDATE SET number = NULL

-- name: is_passed
SELECT 1 FROM listings
WHERE newsletter = :newsletter AND post = :post AND number IS NULL

-- name: known_post
SELECT id FROM posts WHERE id = :id

-- name: same_text
SELECT id FROM posts WHERE text_digest = :text ORDER BY id LIMIT 1

-- name: finish
UPDATE issues SET state = 'done'
WHERE id = :issue AND state IN ('opened', 'held', 'frozen', 'sending')
    AND NOT EXISTS (SELECT 1 FROM batches b
        WHERE b.issue = issues.id AND b.state <> 'handed')

-- name: summed
SELECT id FROM issues WHERE newsletter = :newsletter AND state <> 'done'
    AND ((kind = 'regular' AND cadence = :cadence AND number <= :number)
        OR (kind <> 'regular' AND id < :id))

-- name: hand_all
UPDATE batches SET state = 'handed' WHERE issue = :issue AND state <> 'handed'

-- name: drop_drafts
DELETE FROM drafts WHERE issue = :issue

-- name: known_members
SELECT count(*) AS n FROM subscribers
WHERE id IN (SELECT value FROM json_each(:members))

-- name: joined_since
SELECT id FROM subscribers WHERE id > :readers

-- name: pass_all
UPDATE subscriptions SET coverage = max(coverage, (
    SELECT last_number FROM newsletters WHERE name = :newsletter))
WHERE newsletter = :newsletter

-- name: pass_streams
UPDATE streams SET last_number = max(last_number, (
    SELECT last_number FROM newsletters WHERE name = :newsletter))
WHERE newsletter = :newsletter
