-- part: the gap households of @within (of @within_level; 0: everything) on @day, each with its address (null: none) and the hamlet (null: none) and the commune (null: none) it lies in
at_place as not materialized (
  select p.province, p.id as place_id, i.hamlet_id, i.commune_id
  from place p
  left join place_period i on i.province = p.province and i.place_id = p.id and i.period @> @day::date
  where p.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and (@within::bigint = 0 or case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
      when 'district' then i.district_id else i.province_id end = @within)
),
gap_household as (
  -- Attempted or not visited: never guided, and no visit that found it ineligible is its latest.
  select h.province, h.address_scheme as scheme, h.address_code as code, p.hamlet_id, p.commune_id
  from at_place p
  join household h on h.province = p.province and h.place_id = p.place_id
  where h.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and h.registered_on <= @day and (h.ended_on is null or h.ended_on > @day)
    and not exists (
      select from visit v
      where v.province = h.province and v.household_code = h.code and v.visited_on <= @day and v.outcome = 'guided')
    and not exists (
      select from visit v
      where v.province = h.province and v.household_code = h.code and v.visited_on <= @day and v.outcome = 'ineligible'
        and not exists (
          select from visit l
          where l.province = v.province and l.household_code = v.household_code and l.visited_on <= @day
            and (l.visited_on, l.code) > (v.visited_on, v.code)))
  union all
  -- Unknown: an address of kind household with nobody on the register.
  select a.province, a.scheme, a.code, p.hamlet_id, p.commune_id
  from at_place p
  join address a on a.province = p.province and a.place_id = p.place_id
  where a.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and a.kind = 'household'
    and not exists (
      select from household h
      where h.province = a.province and h.address_scheme = a.scheme and h.address_code = a.code
        and h.registered_on <= @day and (h.ended_on is null or h.ended_on > @day))
)
