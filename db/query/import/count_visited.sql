-- What each visit made of its household, from its day until the next one's: the status after it (guided once ever guided,
-- else what the latest visit says), cut to the days on which the household is on the register.
create temporary table visited as
select h.place_id, s.household_code, s.visited_on, s.status, greatest(s.visited_on, h.registered_on) as from_on,
       least(coalesce(s.next_on, 'infinity'), coalesce(h.ended_on, 'infinity')) as to_on,
       coalesce(h.ended_on, 'infinity') as ended_on
from (
  select v.household_code, v.visited_on, lead(v.visited_on) over w as next_on,
         case when bool_or(v.outcome = 'guided') over w then 'g' when v.outcome = 'ineligible' then 'i' else 'a' end::"char" as status
  from visit v
  join touched_household t on t.code = v.household_code -- only the touched
  where v.province = @province
  window w as (partition by v.household_code order by v.visited_on, v.code)
) s
join household h on h.province = @province and h.code = s.household_code
