-- Whom the console asks as (npm run console): reads what analysts read, and signs in with temporary credentials only.

CREATE USER console PASSWORD DISABLE;
GRANT ROLE analyst TO console;
