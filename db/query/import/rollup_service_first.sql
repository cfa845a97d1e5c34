-- From which month on each touched place's running uptake changes, and what it was before.
create temporary table service_first on commit drop as
select d.place_id, d.service_code, d.month, coalesce(b.households, 0) as households
from (select place_id, service_code, date_trunc('month', min(day))::date as month from delta_service group by place_id, service_code) d
left join lateral (
  select m.households from place_service_month m
  where m.province = @province and m.place_id = d.place_id and m.service_code = d.service_code and m.month < d.month order by m.month desc limit 1
) b on true
