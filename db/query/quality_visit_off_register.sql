-- part: the cases of visit_off_register: visits until @day to a household that was not on the register then
select v.province, 'visits' as table_name, v.code as identity, p.unit_id,
  null::float8 as longitude, null::float8 as latitude, array[v.household_code, v.visited_on::text, h.registered_on::text, h.ended_on::text]::text[] as facts
from scope_place p
join household h on h.province = p.province and h.place_id = p.place_id
join visit v on v.province = h.province and v.household_code = h.code and v.visited_on <= @day
where v.visited_on < h.registered_on or v.visited_on >= h.ended_on
