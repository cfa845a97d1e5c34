-- Households with their visits, in order: place, household, on the register from and until, day and outcome of a visit (null: none).
select h.place_id, h.code, h.registered_on, coalesce(h.ended_on, 'infinity'), v.visited_on, v.outcome
from household h
join touched_household t on t.code = h.code -- only the touched
left join visit v on v.province = @province and v.household_code = h.code
where h.province = @province
order by h.place_id, h.code, v.visited_on, v.code
