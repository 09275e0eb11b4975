-- name: note
INSERT INTO ledger (entry) VALUES (:entry)

-- name: pending
SELECT seq, mark, entry FROM ledger ORDER BY seq LIMIT :most

-- name: known
SELECT 1 FROM ledger WHERE seq = :seq AND mark = :mark

-- name: drop
DELETE FROM ledger WHERE seq <= :upto

-- name: drop_one
DELETE FROM ledger WHERE seq = :seq

-- name: drop_marked
DELETE FROM ledger WHERE mark IN (SELECT value FROM json_each(:marks))

-- name: drop_all
DELETE FROM ledger

-- name: renumber
UPDATE ledger SET seq = -seq

-- name: renumber_back
UPDATE ledger SET seq = :by - seq

-- name: ids
SELECT json_group_object(name, seq) AS ids FROM sqlite_sequence

-- name: raise
UPDATE sqlite_sequence SET seq = max(seq, :seq) WHERE name = :name

-- name: begin_counting
INSERT INTO sqlite_sequence (name, seq)
SELECT :name, 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = :name)
    AND EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = :name)

-- name: batch
SELECT b.name, b.attempt, b.sealed, b.variant AS one, b.members, i.*,
    i.newsletter AS newsletter, n.started, n.selection
FROM batches b JOIN issues i ON i.id = b.issue
JOIN newsletters n ON n.name = i.newsletter
WHERE b.name = :name

-- name: parts
SELECT variant, members FROM batch_variants WHERE batch = :batch ORDER BY variant

-- name: given
SELECT g.variant, g.post, g.number, coalesce(p.text_digest, '') AS text
FROM (SELECT issue, variant FROM batches WHERE name = :batch AND variant <> 0
    UNION ALL SELECT issue, variant FROM batch_variants WHERE batch = :batch) v
JOIN given g ON g.issue = v.issue AND g.variant = v.variant
LEFT JOIN posts p ON p.id = g.post
ORDER BY g.number

-- name: reader
SELECT key FROM subscribers WHERE id = :id

-- name: text
SELECT text_digest FROM posts WHERE id = :post

-- name: handed
SELECT name FROM batches WHERE state <> 'open' ORDER BY issue, name

-- name: gone
SELECT w.subscriber, w.newsletter, max(w.created) AS created, s.key
FROM withdrawals w JOIN subscribers s ON s.id = w.subscriber
WHERE NOT EXISTS (SELECT 1 FROM subscriptions p
    WHERE p.subscriber = w.subscriber AND p.newsletter = w.newsletter)
GROUP BY w.subscriber, w.newsletter

-- name: moved
SELECT id, state, ended FROM subscribers WHERE state NOT IN ('active', 'pending')

-- name: suppressions
SELECT rule, reason, created FROM suppressions ORDER BY created, rule
