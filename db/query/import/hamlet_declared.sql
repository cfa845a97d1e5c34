-- The addresses that declare a hamlet: scheme, code, longitude, latitude, the hamlet's id on the day of their survey, else the latest
-- bundle's, else @day; by scheme and code.
select a.scheme, a.code, ST_X(a.position), ST_Y(a.position), coalesce(u.id, d.id)
from address a
left join unit u on u.province = @province and u.level = 'hamlet' and u.code = a.hamlet_code and u.valid @> coalesce(a.surveyed_on, @as_of::date)
left join unit d on d.province = @province and d.level = 'hamlet' and d.code = a.hamlet_code and d.valid @> @day::date
where a.province = @province and a.hamlet_code is not null and coalesce(u.id, d.id) is not null
order by a.scheme, a.code
