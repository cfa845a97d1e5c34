-- Changes of uptake per place, service and day.
insert into place_service_day (province, place_id, service_code, day, households)
select @province, place_id, service_code, day, sum(households)
from delta_service group by place_id, service_code, day having sum(households) <> 0
order by place_id, service_code, day
on conflict (province, place_id, service_code, day) do update set households = place_service_day.households + excluded.households
