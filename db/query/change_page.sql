-- Answers a page of the feed: what has changed after a sequence, the earliest first; of what is no more nothing up to another (@horizon), because whoever asks has never
-- known it. Coverage is narrowed to units that lie, on its day, in one of these (null: anywhere) and in one of those the caller may see (null: all); what was told to lie
-- there and does no more has no value. Reports are the province's.
-- needs: aggregates
select c.sequence, c.province, c.kind, c.level, c.code, nullif(c.valid_from, '-infinity') as valid_from, c.day, c.measure, c.source, n.value::text as value,
       (select e.epoch from change_epoch e where e.first <= c.sequence order by e.first desc limit 1) as epoch
from change c
cross join lateral (
  select case when c.kind = 'report' or (@within::text[] is null or c.within && @within) and (@granted::text[] is null or c.within && @granted) then c.value end as value
) n
where c.sequence > @after and (@province::text = '' or c.province = @province) and (c.sequence > @horizon or n.value is not null)
  and (c.kind = 'report' or (@within::text[] is null or c.within && @within or c.former && @within) and (@granted::text[] is null or c.within && @granted or c.former && @granted))
order by c.sequence
limit @take
