-- The number of migrations that the database has had.
-- needs: published
select version from public.schema_version
