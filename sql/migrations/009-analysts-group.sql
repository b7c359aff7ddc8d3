-- Who reads the lake from the warehouse: the right to use an external schema goes to users and groups, not to roles.
-- What else analysts may do, the role `analyst` has.

CREATE GROUP analysts;
ALTER GROUP analysts ADD USER console;
