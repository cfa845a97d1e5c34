-- What has become of each system that is told of changes.
select w.consumer, w.kinds, coalesce(w.units, '{}') as units, o.sequence > w.told as pending, o.written_at, w.told_at, w.delivered, w.failed, w.attempts,
  w.failing_since, coalesce(w.failure, '') as failure, coalesce(w.ended, '') as ended, w.ended_at
from webhook w
join webhook_outbox o using (consumer)
order by w.consumer
