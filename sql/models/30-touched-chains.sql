-- The chains new events fall into or come close to: runs of a visitor's events without a pause. A chain is what one
-- event can change; neighbours beyond a pause stay as they are.

CREATE TEMP TABLE model_chains DISTKEY (visitor_id) AS
SELECT DISTINCT s.site_id, s.visitor_id, s.is_bot, s.chain_started_at, s.chain_ended_at
FROM models.sessions s
JOIN model_events n
  ON n.site_id = s.site_id AND n.visitor_id = s.visitor_id AND n.is_bot = s.is_bot
  AND DATEDIFF(millisecond, n.model_time, s.chain_started_at) < {timeout_millis}
  AND DATEDIFF(millisecond, s.chain_ended_at, n.model_time) < {timeout_millis}
WHERE {near_windows(s.chain_started_at, s.chain_ended_at)};
