-- part: what lies in @within (of @within_level; 0: everything) on @day: places, units, teams, reports, challenges; what lies nowhere belongs to its province
scope_place as not materialized (
  select p.province, p.id as place_id, p.declared, p.addresses, i.province_id, i.district_id, i.commune_id, i.hamlet_id,
    coalesce(i.hamlet_id, i.commune_id, i.district_id, i.province_id) as unit_id
  from place p
  left join place_period i on i.province = p.province and i.place_id = p.id and i.period @> @day::date
  where p.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and (@within::bigint = 0 or (@within_level::text = 'province' and i.place_id is null)
      or case @within_level when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
        when 'district' then i.district_id else i.province_id end = @within)
),
scope_unit as not materialized (
  select u.province, u.id as unit_id, u.level, u.code, u.full_name, u.full_fold, u.valid, u.polygon_id, i.parent_id
  from unit_period i
  join unit u on u.province = i.province and u.id = i.unit_id
  where i.province = any(array(select s.province from dataset s where @province::text in ('', s.province))) and i.period @> @day
    and (@within = 0 or case @within_level when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
      when 'district' then i.district_id else i.province_id end = @within)
),
scope_team as materialized (
  select t.province, t.code, t.name, t.kind, t.base is null as homeless, s.unit_id
  from team t
  left join team_period s on s.province = t.province and s.team_code = t.code and s.own and s.period @> @day
  where t.province = any(array(select s.province from dataset s where @province::text in ('', s.province))) and t.active @> @day
    and (@within = 0 or (@within_level = 'province' and s.unit_id is null)
      or case @within_level when 'hamlet' then s.hamlet_id when 'commune' then s.commune_id
        when 'district' then s.district_id else s.province_id end = @within)
),
scope_report as materialized (
  select r.*, u.id as about_id, h.heir_id as unit_id, u.full_name
  from report r
  join unit u on u.province = r.province and u.level = r.level and u.code = r.unit_code and u.valid @> r.as_of
  left join unit_heir h on h.province = u.province and h.unit_id = u.id and h.period @> @day
  where r.province = any(array(select s.province from dataset s where @province::text in ('', s.province))) and r.as_of <= @day
    and (@within = 0 or (@within_level = 'province' and h.heir_id is null)
      or exists (select from scope_unit s where s.province = h.province and s.unit_id = h.heir_id))
),
-- The latest figure of each measure about each unit: two may have had one code.
latest_report as materialized (
  select distinct on (province, about_id, measure) *
  from scope_report
  order by province, about_id, measure, as_of desc, source
),
asked_place as (
  select p.place_id as asked, p.province, p.place_id, @day as day, p.addresses from scope_place p
),
-- include: figure_of_place
,
-- Of each unit and service counted in households: users beside those who can be guided; only where there are any.
uptake_share as materialized (
  select u.province, u.unit_id, u.level, u.code, u.full_name, u.valid, v.code as service_code, v.name_vi, v.name_en,
    sum(coalesce(m.households, 0) + coalesce(d.households, 0))::int as households, sum(f.guided + f.attempted + f.not_visited)::int as reachable
  from (select *, @day as day from scope_place) s
  join place_figure f on f.province = s.province and f.place_id = s.place_id
  cross join lateral unnest(array[s.province_id, s.district_id, s.commune_id, s.hamlet_id]) above (unit_id)
  join scope_unit u on u.province = s.province and u.unit_id = above.unit_id
  join service v on v.province = s.province and v.counted_in = 'household'
-- include: uptake_of_place
  group by u.province, u.unit_id, u.level, u.code, u.full_name, u.valid, v.code, v.name_vi, v.name_en
  having sum(f.guided + f.attempted + f.not_visited) > 0
)
,
-- Challenges opened until @day in Vietnam, each with what had become of it by then: later steps are yet to come.
scope_challenge as materialized (
  select c.province, c.id, c.kind, c.address_scheme, c.address_code, c.household_code, c.opened_at, coalesce(e.action, 'open') as status, e.at as resolved_at,
    p.unit_id, p.province_id, p.district_id, p.commune_id, p.hamlet_id, a.position
  from challenge c
  left join challenge_event e on e.province = c.province and e.challenge_id = c.id and e.action in ('accepted', 'rejected')
    and e.at < ((@day + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh')
  left join address a on a.province = c.province and a.scheme = c.address_scheme and a.code = c.address_code
  left join household h on h.province = c.province and h.code = c.household_code
  join scope_place p on p.province = c.province and p.place_id = coalesce(a.place_id, h.place_id)
  where c.opened_at < ((@day + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh')
)
