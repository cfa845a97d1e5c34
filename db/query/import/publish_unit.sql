-- The units of all times, those that others lie in first: when (days since 1970-01-01), what each lies in (0: nothing), and a name that is the same after a re-import.
select u.id, concat_ws(' ', u.level, u.code, lower(u.valid)) as name, coalesce(i.parent_id, 0) as parent, lower(i.period) - date '1970-01-01' as since, upper(i.period) - date '1970-01-01' as until
from unit u
join unit_period i on i.province = u.province and i.unit_id = u.id
where u.province = @province and i.province = @province
order by array_position(array['province', 'district', 'commune', 'hamlet'], u.level), u.code, lower(u.valid), lower(i.period)
