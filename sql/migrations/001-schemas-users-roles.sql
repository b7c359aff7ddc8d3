-- Who may do what: the loader writes events and its ledger, analysts read `analysis`, nobody else anything.
-- `ops` and the ledger of migrations exist already: whoever applies this file made them to write it down.

CREATE SCHEMA landing;
CREATE SCHEMA analysis;

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
