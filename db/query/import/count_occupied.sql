-- Household addresses with their households: place, address, from and until when each is on the register.
select a.place_id, a.scheme || '/' || a.code, h.registered_on, coalesce(h.ended_on, 'infinity'), null::date, null::text
from address a
join touched_address t on t.scheme = a.scheme and t.code = a.code -- only the touched
join household h on h.province = @province and h.address_scheme = a.scheme and h.address_code = a.code
where a.province = @province and a.kind = 'household'
order by a.place_id, a.scheme, a.code, h.registered_on
