-- Answers what has changed since snapshots that were seen (not named: none was), a row a province with another snapshot now: whether
-- the units touched are known, whether a unit (0: everything) may be touched, and the units known that are it or have lain in it: levels, codes, first days.
-- needs: published
with moved as materialized (
  select d.province, d.snapshot, d.as_of, d.imported_at, coalesce(s.number, 0) as since
  from dataset d
  left join unnest(@provinces::text[], @numbers::bigint[]) as s (province, number) on s.province = d.province
  where (@province::text = '' or d.province = @province) and d.snapshot <> coalesce(s.number, 0)
), known as materialized (
  select m.province, count(n.number) = m.snapshot - m.since and bool_and(n.complete) as complete
  from moved m
  left join snapshot n on n.province = m.province and n.number > m.since
  group by m.province, m.snapshot, m.since
), touched as materialized (
  select distinct m.province, t.unit_id
  from moved m
  join snapshot_unit t on t.province = m.province and t.number > m.since
)
select m.province, m.snapshot, m.as_of, m.imported_at as landed_at, k.complete,
       not k.complete or @within::bigint = 0 or exists (select from touched t where t.province = m.province and t.unit_id = @within) as touches,
       coalesce(l.levels, '{}') as levels, coalesce(l.codes, '{}') as codes, coalesce(l.firsts, '{}') as firsts
from moved m
join known k on k.province = m.province
left join lateral (
  select array_agg(u.level order by u.level, u.code, u.valid) as levels, array_agg(u.code order by u.level, u.code, u.valid) as codes,
         array_agg(lower(u.valid) order by u.level, u.code, u.valid) as firsts
  from touched t
  join unit u on u.province = m.province and u.id = t.unit_id
  where t.province = m.province
    and (@within::bigint = 0 or exists (
      select from unit_period c
      where c.province = m.province and c.unit_id = u.id and @within in (c.province_id, c.district_id, c.commune_id, c.hamlet_id)))
) l on k.complete
order by m.province
