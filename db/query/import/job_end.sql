-- Ends a job, unless somebody has ended it: what it brings must not land then.
update import_job set state = @state::text, ended_at = clock_timestamp(), tables = @tables::jsonb, problems = @problems::bigint, snapshot = @snapshot::text, failed = @failed::text
where id = @id::bigint and state = any (@from::text[])
