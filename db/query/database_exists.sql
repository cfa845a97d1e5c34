-- Whether the server has a database of the name $1.
-- needs: published
select exists (select from pg_catalog.pg_database where datname = $1)
