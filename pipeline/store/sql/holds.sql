-- name: put
INSERT INTO holds (scope, target, reason, since, until, detail)
VALUES (:scope, :target, :reason, :since, :until, :detail)
ON CONFLICT (scope, target, reason) DO UPDATE SET
    until = excluded.until, detail = excluded.detail
RETURNING id

-- name: find
SELECT * FROM holds WHERE id = :id

-- name: of
SELECT * FROM holds WHERE scope = :scope AND target = :target AND reason = :reason

-- name: all
SELECT * FROM holds ORDER BY id

-- name: stops
SELECT 1 FROM holds
WHERE scope = 'everything'
    OR (scope = 'newsletter' AND target = :newsletter)
    OR (scope = 'issue' AND target = :issue)
LIMIT 1

-- name: stops_but_for
SELECT 1 FROM holds
WHERE reason <> :reason AND (scope = 'everything'
    OR (scope = 'newsletter' AND target = :newsletter))
LIMIT 1

-- name: move
UPDATE holds SET since = :since, until = :until WHERE id = :id

-- name: end
DELETE FROM holds WHERE id = :id

-- name: end_of_issue
DELETE FROM holds WHERE scope = 'issue' AND target = :issue
