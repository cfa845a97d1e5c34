-- Adoptions of households: place, household, from and until when both it and the household stand, null, service.
select h.place_id, a.household_code, greatest(a.adopted_on, h.registered_on),
       least(coalesce(a.ended_on, 'infinity'), coalesce(h.ended_on, 'infinity')), null::date, a.service_code
from adoption a
join touched_uptake t on t.code = a.household_code -- only the touched
join household h on h.province = @province and h.code = a.household_code
where a.province = @province
order by h.place_id, a.household_code, a.service_code, greatest(a.adopted_on, h.registered_on)
