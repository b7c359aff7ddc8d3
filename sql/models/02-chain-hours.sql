-- Asked before a run: hours of the chains the new events touch, and in which the events of these were received.

SELECT DISTINCT
  CAST(TO_CHAR(s.chain_started_at, 'YYYYMMDDHH24') AS INTEGER) AS chain_from,
  CAST(TO_CHAR(s.chain_ended_at, 'YYYYMMDDHH24') AS INTEGER) AS chain_to,
  CAST(TO_CHAR(s.chain_received_from, 'YYYYMMDDHH24') AS INTEGER) AS received_from,
  CAST(TO_CHAR(s.chain_received_to, 'YYYYMMDDHH24') AS INTEGER) AS received_to
FROM models.sessions s
JOIN (
  SELECT landed.site_id, landed.visitor_id, landed.is_bot, {model_time(landed)} AS model_time
  FROM landing.all_events landed
  WHERE {received_windows(landed.received_at)} AND landed.load_batch_id IN ({batch_ids})
    AND landed.visitor_id IS NOT NULL
) n
  ON n.site_id = s.site_id AND n.visitor_id = s.visitor_id AND n.is_bot = s.is_bot
  AND DATEDIFF(millisecond, n.model_time, s.chain_started_at) < {timeout_millis}
  AND DATEDIFF(millisecond, s.chain_ended_at, n.model_time) < {timeout_millis}
WHERE {near_windows(s.chain_started_at, s.chain_ended_at)};
