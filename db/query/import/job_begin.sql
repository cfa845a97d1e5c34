-- Begins a job, unless it was cancelled.
update import_job set state = 'running', began_at = @began::timestamptz where id = @id::bigint and state = 'waiting'
