-- The number of migrations that the database has had.
select version from public.schema_version
