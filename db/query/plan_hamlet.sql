-- Answers where hamlets valid on a day have their label points, inside a box (degrees), and with @inside only those in the unit @within.
-- needs: decisions
select st_x(g.label) as longitude, st_y(g.label) as latitude
from unit u
join polygon g on g.province = u.province and g.id = u.drawn_id
join unit_period i on i.province = u.province and i.unit_id = u.id and i.period @> @day::date
where u.province = any(array(select s.province from dataset s where not @inside::boolean or @province::text in ('', s.province)))
  and u.level = 'hamlet' and u.valid @> @day
  and (not @inside or @within::bigint = 0 or case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
    when 'district' then i.district_id else i.province_id end = @within)
  and g.label && st_makeenvelope(@west::float8, @south::float8, @east::float8, @north::float8, 4326)
order by u.province, u.code
