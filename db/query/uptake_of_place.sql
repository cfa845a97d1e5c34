-- part: joins to a place s (province, place_id, day) and a service v the households that use it there on that day: coalesce(m.households, 0) + coalesce(d.households, 0)
left join lateral (
  select m.households
  from place_service_month m
  where m.province = s.province and m.place_id = s.place_id and m.service_code = v.code and m.month < date_trunc('month', s.day::timestamp)::date
  order by m.month desc
  limit 1
) m on true
left join lateral (
  select sum(d.households)::int as households
  from place_service_day d
  where d.province = s.province and d.place_id = s.place_id and d.service_code = v.code
    and d.day between date_trunc('month', s.day::timestamp)::date and s.day
) d on true
