-- Whether the server has a database of the name $1.
select exists (select from pg_catalog.pg_database where datname = $1)
