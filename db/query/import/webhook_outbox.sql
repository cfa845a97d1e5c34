-- Writes into the outbox, for each system that is told of changes, that there are some of the kinds and units that it follows and may read: as
-- change_page has it, reports those of the provinces in which it may read some unit.
update webhook_outbox o
set looked = s.looked, sequence = coalesce(s.latest, o.sequence),
  message = case when s.latest is null then o.message else gen_random_uuid() end,
  written_at = case when s.latest is null then o.written_at else clock_timestamp() end
from (
  select w.consumer, n.looked, (
    select max(c.sequence)
    from change c
    where c.sequence > b.looked and c.kind = any(w.kinds)
      and case c.kind
        when 'report' then w.granted is null or c.province = any(g.provinces)
        else (w.units is null or (c.within || c.former) && array(select case when u like '%/%' then u else c.province || '/' || u end from unnest(w.units) u))
          and (w.granted is null or (c.within || c.former) && array(select case when u like '%/%' then u else c.province || '/' || u end from unnest(w.granted) u))
      end
  ) as latest
  from webhook w
  join webhook_outbox b using (consumer)
  cross join (select coalesce(max(sequence), 0) as looked from change) n
  cross join lateral (
    select array(
      select distinct u.province
      from unit u
      where u.level || ':' || u.code = any(w.granted) or u.province || '/' || u.level || ':' || u.code = any(w.granted)
    ) as provinces
  ) g
) s
where o.consumer = s.consumer and o.looked < s.looked
