-- part: the cases of adopted_before_visit: services taken up by @day before any visit to the household
select a.province, 'adoptions' as table_name, a.household_code || '/' || a.service_code || '/' || a.adopted_on as identity, p.unit_id,
  null::float8 as longitude, null::float8 as latitude, array[a.household_code, a.service_code, a.adopted_on::text]::text[] as facts
from scope_place p
join household h on h.province = p.province and h.place_id = p.place_id
join adoption a on a.province = h.province and a.household_code = h.code and a.adopted_on <= @day
where not exists (
  select from visit v where v.province = a.province and v.household_code = a.household_code and v.visited_on <= a.adopted_on)
