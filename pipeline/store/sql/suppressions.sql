-- name: add
INSERT INTO suppressions (rule, reason, created) VALUES (:rule, :reason, :created)
ON CONFLICT (rule) DO UPDATE SET reason = excluded.reason, created = excluded.created
WHERE excluded.reason = 'blocked' AND suppressions.reason <> 'blocked'

-- name: lift
DELETE FROM suppressions WHERE rule = :rule

-- name: lift_but_blocked
DELETE FROM suppressions WHERE rule = :rule AND reason <> 'blocked'

-- name: find
SELECT rule, reason, created FROM suppressions
WHERE rule IN (SELECT value FROM json_each(:rules))
ORDER BY reason <> 'blocked', rule

-- name: all
SELECT rule, reason, created FROM suppressions ORDER BY created, rule
