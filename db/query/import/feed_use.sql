-- The households of the places that use a service at the ends of the months with a change, by month (days since 1970-01-01): those that count on a day (null: any) or later.
select month - date '1970-01-01' as month, place_id as place, service_code as service, households
from (select *, lead(month) over (partition by place_id, service_code order by month) as until from place_service_month where province = @province) m
where @since::date is null or until is null or until > @since
order by month, place_id
