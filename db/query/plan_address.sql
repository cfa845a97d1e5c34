-- Answers one address, the one with the smallest code, of each cell of a grid (of so many degrees of latitude) inside a box, and with @inside
-- only those in the unit @within on a day; degrees.
-- needs: persons
select distinct on (k.y, k.x) st_x(a.position) as longitude, st_y(a.position) as latitude
from address a
cross join lateral (select floor(st_y(a.position) / @cell_degrees::float8) as y) r
cross join lateral (select r.y, floor(st_x(a.position) * cos(radians((r.y + 0.5) * @cell_degrees)) / @cell_degrees) as x) k
where a.province = any(array(select s.province from dataset s where not @inside::boolean or @province::text in ('', s.province)))
  and (not @inside or @within::bigint = 0 or a.place_id = any(array(
    select i.place_id from place_period i
    where i.province = @province::text and i.period @> @day::date
      and case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
        when 'district' then i.district_id else i.province_id end = @within)))
  and a.position && st_makeenvelope(@west::float8, @south::float8, @east::float8, @north::float8, 4326)
order by k.y, k.x, a.province, a.scheme, a.code
