copy (
  select a.province, a.scheme, a.code, a.kind, s.status, c.code, c.full_name, h.code, h.full_name, round(st_x(a.position)::numeric, 7), round(st_y(a.position)::numeric, 7)
  from address a
  left join lateral (
    select case when bool_or(v.guided) then 'GUIDED' when bool_or(v.outcome <> 'ineligible') then 'ATTEMPTED'
        when bool_or(h.code is not null and v.outcome is null) then 'NOT_VISITED' when bool_or(h.code is not null) then 'INELIGIBLE'
        when a.kind = 'household' then 'UNKNOWN' end as status
    from household h
    left join lateral (
      select bool_or(v.outcome = 'guided') as guided, (array_agg(v.outcome order by v.visited_on desc, v.code desc))[1] as outcome
      from visit v
      where v.province = h.province and v.household_code = h.code and v.visited_on <= date '2024-09-30'
    ) v on true
    where h.province = a.province and h.address_scheme = a.scheme and h.address_code = a.code
      and h.registered_on <= date '2024-09-30' and (h.ended_on is null or h.ended_on > date '2024-09-30')
  ) s on true
  left join place_period i on i.province = a.province and i.place_id = a.place_id and i.period @> date '2024-09-30'
  left join unit c on c.province = i.province and c.id = i.commune_id
  left join unit h on h.province = i.province and h.id = i.hamlet_id
  where a.province = '96'
  order by a.province, a.scheme, a.code
) to stdout (format csv)
