-- Notes that telling a system failed, and when it is tried again: not any more, where it wants no more or has failed for too long. Answers why not any more.
update webhook
set failed = failed + 1, attempts = attempts + 1, failing_since = coalesce(failing_since, clock_timestamp()), failure = @failure,
  busy_until = '-infinity', next_at = clock_timestamp() + @wait::interval,
  ended = e.why, ended_at = case when e.why is not null then clock_timestamp() end
from (
  select case when @gone then 'gone' when w.failing_since < clock_timestamp() - @give_up::interval then 'given up' end as why
  from webhook w where w.consumer = @consumer
) e
where consumer = @consumer and busy_until = @lease
returning coalesce(ended, '')
