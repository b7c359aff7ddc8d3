-- Writes down what was followed, in the transaction of the run: a load is followed once or not at all.

INSERT INTO ops.model_batches (batch_id, run_id)
SELECT b.batch_id, {run_id} FROM ops.load_batches b WHERE b.batch_id IN ({batch_ids});

INSERT INTO ops.model_runs (
  run_id, started_at, finished_at, batch_count, rows_new, rows_read, sessions_replaced, sessions_written, settings
)
SELECT {run_id}, CAST({started_at} AS TIMESTAMP), GETDATE(), {batch_count}, taken.rows_new, taken.rows_read,
  replaced.session_count, written.session_count, {settings}
FROM (SELECT NVL(SUM(CASE WHEN is_new THEN 1 ELSE 0 END), 0) AS rows_new, COUNT(*) AS rows_read FROM model_events) taken
CROSS JOIN (SELECT COUNT(*) AS session_count FROM model_old_sessions) replaced
CROSS JOIN (SELECT COUNT(*) AS session_count FROM model_sessions) written;

SELECT rows_new, rows_read, sessions_replaced, sessions_written FROM ops.model_runs WHERE run_id = {run_id};
