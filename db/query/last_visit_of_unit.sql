-- part: from asked_place (asked, province, place_id, day) to the last visit of each asked: only to households on the register that day
last_visit as (
  select a.asked, max(v.visited_on) as visited_on
  from asked_place a
  cross join lateral (
    select v.visited_on
    from place_visit v
    where v.province = a.province and v.place_id = a.place_id and v.visited_on <= a.day and v.from_on <= a.day and a.day < v.to_on
    order by v.visited_on desc
    limit 1
  ) v
  group by a.asked
)
