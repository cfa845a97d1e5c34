-- Answers a bundle that was sent.
-- needs: import
select j.id, j.province, j.state, j.sent_at, j.began_at, j.ended_at, j.bytes, j.dry_run, j.strict, j.step, j.done, j.total, j.tables::text as tables, j.problems, j.snapshot, j.failed
from import_job j
where j.id = @id::bigint
