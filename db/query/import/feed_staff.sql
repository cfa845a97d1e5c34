-- Tells how many teams and members units have at the month ends that are told (@looked), where that differs from what was told; all else of them stays as it was told.
insert into change (province, kind, level, code, valid_from, day, measure, source, within, former, value, sequence)
with fresh as (
  select u.level, u.code, lower(u.valid) as valid_from, n.day, i.province_id, i.district_id, i.commune_id, i.hamlet_id, f.teams, f.members
  from unnest(@days::int[], @units::bigint[], @teams::int[], @members::int[]) f (day, unit_id, teams, members)
  cross join lateral (select date '1970-01-01' + f.day as day) n
  join unit u on u.province = @province and u.id = f.unit_id
  join unit_period i on i.province = @province and i.unit_id = u.id and i.period @> n.day
), told as (
  select level, code, valid_from, day, within, former, value, coalesce((value ->> 'teams')::int, 0) as teams, coalesce((value ->> 'members')::int, 0) as members
  from change
  where province = @province and kind = 'coverage' and day - date '1970-01-01' = any(@looked::int[])
), differs as (
  select level, code, valid_from, day, t.former, t.within as told_within, case when f.teams is null then t.within else (
      select array_agg(o.province || '/' || o.level || ':' || o.code order by array_position(array['commune', 'hamlet', 'district', 'province'], o.level))
      from unit o where o.province = @province and o.id in (f.province_id, f.district_id, f.commune_id, f.hamlet_id)) end as within,
    coalesce(t.value, '{"guided": 0, "attempted": 0, "notVisited": 0, "ineligible": 0, "unknown": 0, "addresses": 0, "services": {}}')
      || jsonb_build_object('teams', coalesce(f.teams, 0), 'members', coalesce(f.members, 0)) as value
  from fresh f
  full join told t using (level, code, valid_from, day)
  where (coalesce(f.teams, 0), coalesce(f.members, 0)) <> (coalesce(t.teams, 0), coalesce(t.members, 0))
  order by day, array_position(array['province', 'district', 'commune', 'hamlet'], level), code
)
select @province, 'coverage', level, code, valid_from, day, '', '', within,
  array(select distinct b from unnest(former || told_within) b where b <> all(within) order by b),
  case when value <> '{"guided": 0, "attempted": 0, "notVisited": 0, "ineligible": 0, "unknown": 0, "addresses": 0, "services": {}, "teams": 0, "members": 0}' then value end, nextval('change_sequence')
from differs
on conflict (province, kind, level, code, valid_from, day, measure, source)
  do update set within = excluded.within, former = excluded.former, value = excluded.value, sequence = excluded.sequence
