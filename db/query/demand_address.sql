-- part: the addresses of a demand on @day, each with its households and the hamlet that it lies in, else the commune; with @within (of @within_level; 0: everything) those in it
province as materialized (
  select s.province from dataset s where @province::text in ('', s.province)
),
lies as materialized (
  select i.province, i.place_id, coalesce(i.hamlet_id, i.commune_id) as unit_id
  from place_period i
  where i.province = any(array(select province from province)) and i.period @> @day::date and i.commune_id is not null
    and (@within::bigint = 0 or case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
      when 'district' then i.district_id else i.province_id end = @within)
),
-- The few that the latest visit found not to be ones to guide.
ineligible as materialized (
  select v.province, v.household_code
  from visit v
  where v.province = any(array(select province from province)) and v.outcome = 'ineligible' and v.visited_on <= @day
    and not exists (
      select from visit o
      where o.province = v.province and o.household_code = v.household_code and o.visited_on <= @day
        and (o.outcome = 'guided' or (o.visited_on, o.code) > (v.visited_on, v.code)))
),
guided as (
  select distinct v.province, v.household_code
  from visit v
  where not @all_households::boolean
    and v.province = any(array(select province from province)) and v.outcome = 'guided' and v.visited_on <= @day
),
registered as (
  select h.province, h.address_scheme, h.address_code, (e.household_code is null and g.household_code is null)::int as wanted
  from household h
  left join ineligible e on e.province = h.province and e.household_code = h.code
  left join guided g on g.province = h.province and g.household_code = h.code
  where h.province = any(array(select province from province)) and h.registered_on <= @day and (h.ended_on is null or h.ended_on > @day)
),
demand as (
  select a.province, l.unit_id, a.position, coalesce(sum(r.wanted), 1)::int as households
  from address a
  join lies l on l.province = a.province and l.place_id = a.place_id
  left join registered r on r.province = a.province and r.address_scheme = a.scheme and r.address_code = a.code
  where a.province = any(array(select province from province)) and (a.kind = 'household' or r.wanted is not null)
  group by a.province, a.scheme, a.code, a.position, l.unit_id
  having coalesce(sum(r.wanted), 1) > 0
)
