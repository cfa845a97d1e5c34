-- The one-stop points open today: longitude, latitude.
select ST_X(position), ST_Y(position) from service_point
where province = @province and kind = 'one_stop' and open @> @today::date order by code
