-- Households by status: in on the first day of a stretch, out on the day after its last.
insert into delta_day
select place_id, day, sum(sign * (status = 'g')::int), sum(sign * (status = 'a')::int), sum(sign * (status = 'n')::int), sum(sign * (status = 'i')::int), 0
from (
  select place_id, status, from_on, to_on from visited where from_on < to_on
  union all
  select h.place_id, 'n', h.registered_on, least(coalesce(v.first_on, 'infinity'), coalesce(h.ended_on, 'infinity'))
  from household h
  join touched_household t on t.code = h.code -- only the touched
  left join (select household_code, min(visited_on) as first_on from visited group by household_code) v on v.household_code = h.code
  where h.province = @province and h.registered_on < least(coalesce(v.first_on, 'infinity'), coalesce(h.ended_on, 'infinity'))
) s
cross join lateral (values (from_on, @sign::int), (to_on, -@sign::int)) as e (day, sign)
where day < 'infinity'
group by place_id, day
