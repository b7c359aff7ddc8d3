-- Who may do what: the loader writes events and its ledger, analysts read `analysis`, nobody else anything.
-- The schemas exist already, and in them what does not come from these files: the ledger of migrations, and the events
-- (landing.events, analysis.events), which follow the event definition: docs/schema-changes.md.

-- By default everybody may create tables in `public`.
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- Signs in with temporary credentials (redshift:GetClusterCredentials) only.
CREATE USER loader PASSWORD DISABLE;
CREATE ROLE analyst;

-- By default everybody may COPY and UNLOAD with any IAM role of the cluster, and the cluster's can read the lake.
REVOKE ASSUMEROLE ON ALL FROM PUBLIC FOR ALL;
GRANT ASSUMEROLE ON ALL TO loader FOR COPY;

GRANT USAGE ON SCHEMA landing TO loader;
GRANT USAGE ON SCHEMA ops TO loader;

GRANT USAGE ON SCHEMA analysis TO ROLE analyst;
-- Views that later migrations add or remake need no grant of their own.
ALTER DEFAULT PRIVILEGES IN SCHEMA analysis GRANT SELECT ON TABLES TO ROLE analyst;
