-- Answers a page of the bundles that were sent, of a province or all, the latest first.
-- needs: import
select j.id, j.province, j.state, j.sent_at, j.began_at, j.ended_at, j.bytes, j.dry_run, j.strict, j.step, j.done, j.total, j.tables::text as tables, j.problems, j.snapshot, j.failed
from import_job j
where (@province::text = '' or j.province = @province) and (@after::bigint = 0 or j.id < @after)
order by j.id desc
limit @take::int
