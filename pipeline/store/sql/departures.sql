-- name: newsletters
SELECT name FROM newsletters ORDER BY name

-- name: key
SELECT key FROM subscribers WHERE id = :id

-- name: add
INSERT INTO departures (newsletter, day, reason, words)
VALUES (:newsletter, :day, :reason, :words)

-- name: count
SELECT newsletter, reason, count(*) AS n FROM departures WHERE day >= :since
GROUP BY newsletter, reason ORDER BY newsletter, n DESC, reason

-- name: words
SELECT newsletter, day, reason, words FROM departures
WHERE day >= :since AND words != '' ORDER BY day DESC, id DESC
