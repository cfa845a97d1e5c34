-- Answers the middles of the squares (@square_degrees a side) inside a box that hold addresses, and with @inside only those that hold some in the unit
-- @within on a day; degrees.
-- needs: decisions
select distinct s.longitude, s.latitude
from address a
-- include: square
where a.province = any(array(select s.province from dataset s where not @inside::boolean or @province::text in ('', s.province)))
  and (not @inside or @within::bigint = 0 or a.place_id = any(array(
    select i.place_id from place_period i
    where i.province = @province::text and i.period @> @day::date
      and case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
        when 'district' then i.district_id else i.province_id end = @within)))
  and a.position && st_makeenvelope(@west::float8, @south::float8, @east::float8, @north::float8, 4326)
order by s.longitude, s.latitude
