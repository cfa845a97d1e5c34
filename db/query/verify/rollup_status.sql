-- The statuses that households come to have and cease to have, in each place on each day, are those that their visits say, one by one.
with stretch as (
  select h.place_id, greatest(h.registered_on, v.visited_on) as from_on, least(h.ended_on, v.next_on) as to_on, -- null: for ever
         case when v.guided then 'guided' when v.outcome = 'ineligible' then 'ineligible' else 'attempted' end as status
  from (
    select household_code, visited_on, outcome, bool_or(outcome = 'guided') over so_far as guided, lead(visited_on) over so_far as next_on
    from visit where province = @province
    window so_far as (partition by household_code order by visited_on, code)
  ) v
  join household h on h.province = @province and h.code = v.household_code
  union all
  select h.place_id, h.registered_on, least(h.ended_on, v.first_on), 'not_visited'
  from household h
  left join (select household_code, min(visited_on) as first_on from visit where province = @province group by household_code) v on v.household_code = h.code
  where h.province = @province
), turn as (
  select place_id, d.day, s.status, d.change
  from stretch s cross join lateral (values (from_on, 1), (to_on, -1)) d (day, change)
  where (to_on is null or to_on > from_on) and d.day is not null
), plain as (
  select place_id, day, coalesce(sum(change) filter (where status = 'guided'), 0) as guided, coalesce(sum(change) filter (where status = 'attempted'), 0) as attempted,
         coalesce(sum(change) filter (where status = 'not_visited'), 0) as not_visited, coalesce(sum(change) filter (where status = 'ineligible'), 0) as ineligible
  from turn group by place_id, day
)
select format('place %s on %s: rolled up (%s, %s, %s, %s), counted (%s, %s, %s, %s)', place_id, day, r.guided, r.attempted, r.not_visited, r.ineligible,
              p.guided, p.attempted, p.not_visited, p.ineligible)
from (select * from place_day where province = @province) r full join plain p using (place_id, day)
where (coalesce(r.guided, 0), coalesce(r.attempted, 0), coalesce(r.not_visited, 0), coalesce(r.ineligible, 0))
   <> (coalesce(p.guided, 0), coalesce(p.attempted, 0), coalesce(p.not_visited, 0), coalesce(p.ineligible, 0))
