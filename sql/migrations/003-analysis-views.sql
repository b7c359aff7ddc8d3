-- What analysts read, besides analysis.events.
-- Views are bound to their tables: a migration that would break one fails, rather than the analyst's next query. Only
-- views over analysis.events must not be (WITH NO SCHEMA BINDING): it is made anew whenever the events get a column.
-- They run with the rights of their owner, so analysts need none on `landing` and `ops`.

-- How fresh and how complete the events are.
CREATE VIEW analysis.load_batches AS
SELECT
  batch_id,
  started_at,
  loaded_at,
  object_count,
  bytes,
  rows_expected,
  rows_staged,
  rows_new,
  rows_duplicate
FROM ops.load_batches;

-- Default privileges name the user who creates; said outright, the grants hold whoever that is.
GRANT SELECT ON analysis.events TO ROLE analyst;
GRANT SELECT ON analysis.load_batches TO ROLE analyst;
