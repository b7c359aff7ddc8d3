-- What each erasure deleted here, written in the transaction that deletes: an erasure that is killed right after it finds
-- its counts again. It tells of nobody: the id is the receipt's.
CREATE TABLE ops.erasures (
  erasure_id VARCHAR(36) NOT NULL,
  -- Schema and name.
  table_name VARCHAR(256) NOT NULL,
  rows_before BIGINT NOT NULL,
  -- The person's rows among them.
  rows_found BIGINT NOT NULL,
  rows_after BIGINT,
  erased_at TIMESTAMP NOT NULL
)
DISTSTYLE ALL
SORTKEY (erased_at);
