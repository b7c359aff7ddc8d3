-- Asked before a run: hours in which the new events happened and were received.

SELECT DISTINCT
  CAST(TO_CHAR({model_time(landed)}, 'YYYYMMDDHH24') AS INTEGER) AS model_hour,
  CAST(TO_CHAR(landed.received_at, 'YYYYMMDDHH24') AS INTEGER) AS received_hour
FROM landing.all_events landed
WHERE {received_windows(landed.received_at)} AND landed.load_batch_id IN ({batch_ids});
