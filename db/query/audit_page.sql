-- Answers a page of the audit log, of a stretch of time and a subject or all, the latest first.
-- needs: audit
select l.id, l.at, l.issuer, l.subject, l.system, l.purpose, l.entry, l.filter::text as filter, l.rows
from audit_log l
where (@from_at::timestamptz is null or l.at >= @from_at) and (@to_at::timestamptz is null or l.at < @to_at)
  and (@subject::text is null or l.subject = @subject) and (@after::bigint = 0 or l.id < @after)
order by l.id desc
limit @take::int
