-- In how many seconds a system is to be told something that it has not been told; none: there is nothing.
select case when isfinite(s.until) then greatest(extract(epoch from s.until - clock_timestamp())::float8, 0) else 0 end
from (
  select greatest(w.next_at, w.busy_until) as until
  from webhook w
  join webhook_outbox o using (consumer)
  where w.consumer = @consumer and o.sequence > w.told and w.ended is null
) s
