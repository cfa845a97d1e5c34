-- Tells the coverage of units at month ends: what differs from what was told of the days looked at, and what is no more.
insert into change (province, kind, level, code, valid_from, day, measure, source, within, former, value, sequence)
with fresh as (
  select u.level, u.code, lower(u.valid) as valid_from, n.day,
    array_remove(array[c.name, d.name, b.name, a.name], null) as within,
    jsonb_build_object('guided', f.guided, 'attempted', f.attempted, 'notVisited', f.not_visited, 'ineligible', f.ineligible, 'unknown', f.unknown, 'addresses', f.unknown + f.occupied,
      'teams', f.teams, 'members', f.members, 'services', f.services::jsonb) as value
  from unnest(@days::int[], @units::bigint[], @guided::int[], @attempted::int[], @not_visited::int[], @ineligible::int[], @unknown::int[], @occupied::int[],
    @teams::int[], @members::int[], @services::text[])
    f (day, unit_id, guided, attempted, not_visited, ineligible, unknown, occupied, teams, members, services)
  cross join lateral (select date '1970-01-01' + f.day as day) n
  join unit u on u.province = @province and u.id = f.unit_id
  join unit_period i on i.province = @province and i.unit_id = u.id and i.period @> n.day
  left join (select id, province || '/' || level || ':' || code as name from unit where province = @province) a on a.id = i.province_id
  left join (select id, province || '/' || level || ':' || code as name from unit where province = @province) b on b.id = i.district_id
  left join (select id, province || '/' || level || ':' || code as name from unit where province = @province) c on c.id = i.commune_id
  left join (select id, province || '/' || level || ':' || code as name from unit where province = @province) d on d.id = i.hamlet_id
), told as (
  select level, code, valid_from, day, within, former, value
  from change
  where province = @province and kind = 'coverage' and day - date '1970-01-01' = any(@looked::int[])
), differs as (
  select level, code, valid_from, day, coalesce(f.within, t.within) as within, f.value,
    case when f.within is null then t.former else array(select distinct b from unnest(t.former || t.within) b where b <> all(f.within) order by b) end as former
  from fresh f
  full join told t using (level, code, valid_from, day)
  where f.value is distinct from t.value or f.within <> t.within
  order by day, array_position(array['province', 'district', 'commune', 'hamlet'], level), code
)
select @province, 'coverage', level, code, valid_from, day, '', '', within, coalesce(former, '{}'), value, nextval('change_sequence')
from differs
on conflict (province, kind, level, code, valid_from, day, measure, source)
  do update set within = excluded.within, former = excluded.former, value = excluded.value, sequence = excluded.sequence
