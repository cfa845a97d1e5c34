-- The visits that count in each place, by day and by the days on which their households are on the register, are those counted one by one.
with plain as (
  select h.place_id, v.visited_on, greatest(v.visited_on, h.registered_on) as from_on, coalesce(h.ended_on, 'infinity') as to_on, count(*) as visits
  from visit v
  join household h on h.province = @province and h.code = v.household_code
  where v.province = @province and (h.ended_on is null or h.ended_on > greatest(v.visited_on, h.registered_on))
  group by 1, 2, 3, 4
)
select format('place %s: visits of %s from %s to %s: rolled up %s, counted %s', place_id, visited_on, from_on, to_on, r.visits, p.visits)
from (select * from place_visit where province = @province) r full join plain p using (place_id, visited_on, from_on, to_on)
where r.visits is distinct from p.visits
