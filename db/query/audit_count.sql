-- Answers how many entries the audit log has, of a stretch of time and a subject or all.
-- needs: audit
select count(*)::int as entries
from audit_log l
where (@from_at::timestamptz is null or l.at >= @from_at) and (@to_at::timestamptz is null or l.at < @to_at)
  and (@subject::text is null or l.subject = @subject)
