-- The feed tells of every month end the coverage of every unit that has any, counted anew, its teams and members and who uses which service, with the units that it lies in, and every report; nothing else.
with step as (
  select place_id, month, lead(month) over (partition by place_id order by month) as until, guided, attempted, not_visited, ineligible, occupied
  from place_month where province = @province
), counted as materialized (
  select d.day, coalesce(s.guided, 0) as guided, coalesce(s.attempted, 0) as attempted, coalesce(s.not_visited, 0) as not_visited,
    coalesce(s.ineligible, 0) as ineligible, p.addresses - coalesce(s.occupied, 0) as unknown, p.addresses, i.province_id, i.district_id, i.commune_id, i.hamlet_id
  from change_day d
  join place p on p.province = @province
  left join step s on s.place_id = p.id and s.month <= d.day and (s.until is null or s.until > d.day)
  join place_period i on i.province = @province and i.place_id = p.id and i.period @> d.day
  where d.province = @province
), figure as (
  select c.day, u.id, array[sum(guided), sum(attempted), sum(not_visited), sum(ineligible), sum(unknown), sum(addresses)]::bigint[] as counts
  from counted c cross join lateral (values (c.province_id), (c.district_id), (c.commune_id), (c.hamlet_id)) u (id)
  where u.id is not null group by 1, 2
  having sum(guided) + sum(attempted) + sum(not_visited) + sum(ineligible) + sum(addresses) > 0
), serving as (
  select distinct d.day, u.id, t.team_code
  from change_day d
  join team_period t on t.province = @province and t.kind = 'cnscd' and t.period @> d.day
  cross join lateral (values (t.province_id), (t.district_id), (t.commune_id), (t.hamlet_id)) u (id)
  where d.province = @province and u.id is not null
), staff as (
  select s.day, s.id, array[count(*), coalesce(sum(m.members), 0)]::bigint[] as counts
  from serving s
  left join (
    select d.day, m.team_code, count(*) as members from change_day d join member m on m.province = @province and m.joined @> d.day where d.province = @province group by 1, 2
  ) m on m.day = s.day and m.team_code = s.team_code
  group by 1, 2
), used as (
  select d.day, u.id, s.service_code, sum(s.households) as households
  from (
    select place_id, service_code, month, lead(month) over (partition by place_id, service_code order by month) as until, households
    from place_service_month where province = @province
  ) s
  join change_day d on d.province = @province and s.month <= d.day and (s.until is null or s.until > d.day)
  join place_period i on i.province = @province and i.place_id = s.place_id and i.period @> d.day
  cross join lateral (values (i.province_id), (i.district_id), (i.commune_id), (i.hamlet_id)) u (id)
  where u.id is not null group by 1, 2, 3
  having sum(s.households) <> 0
), service as (
  select day, id, jsonb_object_agg(service_code, households)::text as services from used group by 1, 2
), all_of as (
  select day, id, coalesce(f.counts, array_fill(0::bigint, array[6])) || coalesce(s.counts, array[0, 0]::bigint[]) as counts, coalesce(v.services, '{}') as services
  from figure f full join staff s using (day, id) full join service v using (day, id)
), expected as (
  select f.day, u.level, u.code, lower(u.valid) as valid_from, f.counts, f.services,
    (select array_agg(o.province || '/' || o.level || ':' || o.code order by o.level) from unit o where o.province = @province and o.id in (i.province_id, i.district_id, i.commune_id, i.hamlet_id)) as within
  from all_of f
  join unit u on u.province = @province and u.id = f.id
  join unit_period i on i.province = @province and i.unit_id = f.id and i.period @> f.day
), told as (
  select day, level, code, valid_from, (select array_agg(w order by w) from unnest(within) w) as within,
    array[value -> 'guided', value -> 'attempted', value -> 'notVisited', value -> 'ineligible', value -> 'unknown', value -> 'addresses',
      value -> 'teams', value -> 'members']::text[]::bigint[] as counts, (value -> 'services')::text as services
  from change where province = @province and kind = 'coverage' and value is not null
), reach as ( -- from the first month to the last that had come when rows were imported last, or that has been told since
  select greatest(min(m.month), r.last - interval '119 months') as first, r.last
  from (
    select greatest(date_trunc('month', d.as_of), (select date_trunc('month', max(t.day)) from change_day t where t.province = @province),
      (select max(m.month) from place_month m where m.province = @province and m.month <= greatest(d.as_of, (d.imported_at at time zone 'Asia/Ho_Chi_Minh')::date))) as last
    from dataset d where d.province = @province
  ) r
  join place_month m on m.province = @province and m.month <= r.last
  group by r.last
)
select format('%s of %s %s (%s): %s %s told as %s %s in %s', day, level, code, valid_from, e.counts, e.services, t.counts, t.services, t.within)
from expected e full join told t using (day, level, code, valid_from)
where e.counts is distinct from t.counts or e.services is distinct from t.services or (select array_agg(w order by w) from unnest(e.within) w) is distinct from t.within
union all
select format('report %s of %s %s, %s', measure, level, code, day)
from (select level, unit_code as code, measure, as_of as day, source, value, share from report where province = @province) r
full join (select level, code, measure, day, source, (value ->> 'value')::double precision as value, (value ->> 'share')::double precision as share from change where province = @province and kind = 'report' and value is not null) c
  using (level, code, measure, day, source)
where r.value is distinct from c.value or r.share is distinct from c.share
union all
select 'the month of ' || m::date || ' is not told'
from reach r cross join generate_series(r.first, r.last, interval '1 month') m
where not exists (select from change_day d where d.province = @province and date_trunc('month', d.day) = m)
union all
select 'the month of ' || d.day || ' is told, which is before ' || r.first::date from reach r join change_day d on d.province = @province and d.day < r.first
union all
select 'a change was told after the last number: ' || max(c.sequence) from change c having max(c.sequence) > (select last_value from change_sequence)
