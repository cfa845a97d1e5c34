-- part: from asked_place (province, place_id, day, addresses) to the households of each place and day, by status, and its last visit
place_figure as materialized (
  select a.province, a.place_id, a.day, a.addresses,
    coalesce(m.guided, 0) + coalesce(d.guided, 0) as guided,
    coalesce(m.attempted, 0) + coalesce(d.attempted, 0) as attempted,
    coalesce(m.not_visited, 0) + coalesce(d.not_visited, 0) as not_visited,
    coalesce(m.ineligible, 0) + coalesce(d.ineligible, 0) as ineligible,
    coalesce(m.occupied, 0) + coalesce(d.occupied, 0) as occupied,
    v.visited_on as last_visit_on
  from asked_place a
  left join lateral (
    select m.guided, m.attempted, m.not_visited, m.ineligible, m.occupied
    from place_month m
    where m.province = a.province and m.place_id = a.place_id and m.month < date_trunc('month', a.day)::date
    order by m.month desc
    limit 1
  ) m on true
  left join lateral (
    select sum(d.guided)::int as guided, sum(d.attempted)::int as attempted, sum(d.not_visited)::int as not_visited,
      sum(d.ineligible)::int as ineligible, sum(d.occupied)::int as occupied
    from place_day d
    where d.province = a.province and d.place_id = a.place_id and d.day between date_trunc('month', a.day)::date and a.day
  ) d on true
  left join lateral (
    select v.visited_on
    from place_visit v
    where v.province = a.province and v.place_id = a.place_id and v.visited_on <= a.day and v.from_on <= a.day and a.day < v.to_on
    order by v.visited_on desc
    limit 1
  ) v on true
)
