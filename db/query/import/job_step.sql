-- Notes how far a job is, unless it is over.
update import_job set step = @step::text, done = @done::bigint, total = @total::bigint where id = @id::bigint and state = 'running'
