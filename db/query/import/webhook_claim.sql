-- Takes the message that a system is to be told now, for so long: no other program tells it meanwhile.
update webhook w
set busy_until = clock_timestamp() + @lease::interval
from webhook_outbox o
where w.consumer = @consumer and o.consumer = w.consumer and o.sequence > w.told and w.ended is null
  and w.next_at <= clock_timestamp() and w.busy_until <= clock_timestamp()
returning w.consumer, 'msg_' || replace(o.message::text, '-', '') as id, o.sequence, (select e.epoch from change_epoch e where e.first <= o.sequence order by e.first desc limit 1) as epoch, o.written_at, w.attempts, w.busy_until as lease
