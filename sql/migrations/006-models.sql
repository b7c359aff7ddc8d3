-- Who keeps the models of `analysis`, and how far they have followed the loads.

CREATE TABLE ops.model_runs (
  run_id VARCHAR(36) NOT NULL,
  started_at TIMESTAMP NOT NULL,
  finished_at TIMESTAMP NOT NULL,
  -- Loads committed up to this time have been followed.
  loaded_until TIMESTAMP NOT NULL,
  batch_count INTEGER NOT NULL,
  rows_touched BIGINT NOT NULL,
  visitors_touched BIGINT NOT NULL
)
DISTSTYLE ALL
SORTKEY (finished_at);

-- Signs in with temporary credentials only, as the loader does.
CREATE USER modeler PASSWORD DISABLE;
GRANT USAGE ON SCHEMA landing TO modeler;
GRANT USAGE ON SCHEMA ops TO modeler;
GRANT USAGE ON SCHEMA analysis TO modeler;
GRANT SELECT ON landing.events TO modeler;
GRANT SELECT ON ops.load_batches TO modeler;
GRANT SELECT ON ops.load_files TO modeler;
GRANT SELECT, INSERT ON ops.model_runs TO modeler;
