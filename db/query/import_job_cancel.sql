-- Cancels a bundle that waits or is being imported: its transaction ends with its job, or not at all.
-- needs: import
update import_job set state = 'cancelled', ended_at = clock_timestamp()
where id = @id::bigint and state in ('waiting', 'running')
