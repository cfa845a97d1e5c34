-- The statuses of each place are those counted over households and visits, one by one.
with day as (select unnest(@days::date[]) as day),
plain as (
  select d.day, h.place_id,
         count(*) filter (where v.guided) as guided,
         count(*) filter (where not coalesce(v.guided, false) and v.last = 'ineligible') as ineligible,
         count(*) filter (where not coalesce(v.guided, false) and v.last <> 'ineligible') as attempted,
         count(*) filter (where v.last is null) as not_visited,
         max(v.on_day) as last_visit_on
  from day d
  join household h on h.province = @province and h.registered_on <= d.day and (h.ended_on is null or h.ended_on > d.day)
  left join lateral (
    select bool_or(outcome = 'guided') as guided, (array_agg(outcome order by visited_on desc, code desc))[1] as last, max(visited_on) as on_day
    from visit v where v.province = @province and v.household_code = h.code and v.visited_on <= d.day
  ) v on true
  group by d.day, h.place_id
), rolled as (
  select d.day, p.id as place_id,
         coalesce(m.guided, 0) + coalesce(r.guided, 0) as guided, coalesce(m.attempted, 0) + coalesce(r.attempted, 0) as attempted,
         coalesce(m.not_visited, 0) + coalesce(r.not_visited, 0) as not_visited, coalesce(m.ineligible, 0) + coalesce(r.ineligible, 0) as ineligible,
         v.visited_on as last_visit_on
  from day d cross join place p
  left join lateral (select * from place_month m where m.province = @province and m.place_id = p.id and m.month < date_trunc('month', d.day) order by m.month desc limit 1) m on true
  left join lateral (select sum(guided) as guided, sum(attempted) as attempted, sum(not_visited) as not_visited, sum(ineligible) as ineligible
                     from place_day r where r.province = @province and r.place_id = p.id and r.day >= date_trunc('month', d.day) and r.day <= d.day) r on true
  left join lateral (select visited_on from place_visit v where v.province = @province and v.place_id = p.id and v.visited_on <= d.day
                     and v.from_on <= d.day and v.to_on > d.day order by visited_on desc limit 1) v on true
  where p.province = @province
)
select format('place %s on %s: rolled up (%s, %s, %s, %s, last %s), counted (%s, %s, %s, %s, last %s)', place_id, day, r.guided, r.attempted, r.not_visited, r.ineligible, r.last_visit_on,
              p.guided, p.attempted, p.not_visited, p.ineligible, p.last_visit_on)
from rolled r left join plain p using (day, place_id)
where (r.guided, r.attempted, r.not_visited, r.ineligible) is distinct from (coalesce(p.guided, 0), coalesce(p.attempted, 0), coalesce(p.not_visited, 0), coalesce(p.ineligible, 0))
   or r.last_visit_on is distinct from p.last_visit_on
