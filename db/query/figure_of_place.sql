-- part: from asked_place (asked, province, place_id, day, addresses) to the households of each of its rows by status; asked is handed on
place_figure as materialized (
  select a.asked, a.province, a.place_id, a.addresses,
    coalesce(m.guided, 0) + coalesce(d.guided, 0) as guided,
    coalesce(m.attempted, 0) + coalesce(d.attempted, 0) as attempted,
    coalesce(m.not_visited, 0) + coalesce(d.not_visited, 0) as not_visited,
    coalesce(m.ineligible, 0) + coalesce(d.ineligible, 0) as ineligible,
    coalesce(m.occupied, 0) + coalesce(d.occupied, 0) as occupied
  from asked_place a
  left join lateral (
    select m.guided, m.attempted, m.not_visited, m.ineligible, m.occupied
    from place_month m
    where m.province = a.province and m.place_id = a.place_id and m.month < date_trunc('month', a.day::timestamp)::date
    order by m.month desc
    limit 1
  ) m on true
  left join lateral (
    select sum(d.guided)::int as guided, sum(d.attempted)::int as attempted, sum(d.not_visited)::int as not_visited,
      sum(d.ineligible)::int as ineligible, sum(d.occupied)::int as occupied
    from place_day d
    where d.province = a.province and d.place_id = a.place_id and d.day between date_trunc('month', a.day::timestamp)::date and a.day
  ) d on true
)
