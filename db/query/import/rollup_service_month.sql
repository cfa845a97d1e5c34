-- Running uptake at the end of each month that has a change.
insert into place_service_month (province, place_id, service_code, month, households)
select @province, f.place_id, f.service_code, d.month, f.households + sum(d.households) over (partition by f.place_id, f.service_code order by d.month)
from service_first f
join (
  select p.place_id, p.service_code, date_trunc('month', p.day)::date as month, sum(p.households) as households
  from place_service_day p join service_first f on f.place_id = p.place_id and f.service_code = p.service_code and p.day >= f.month
  where p.province = @province
  group by 1, 2, 3
) d using (place_id, service_code)
