-- Answers how many households of a demand are in each square (@square_degrees a side) of each unit on a day: the square's middle in degrees, households,
-- the hamlet, else the commune, and its label point. A box holds the hamlets that it meets, and communes outside of those.
-- needs: decisions
with
-- include: demand_address
,
-- include: unit_met
,
counted as (
  select a.province, a.unit_id, s.longitude, s.latitude, sum(a.households)::int as households
  from demand a
-- include: square
  where @west::float8 is null or (a.province, a.unit_id) in (select m.province, m.id from unit_met m)
  group by a.province, a.unit_id, s.longitude, s.latitude
)
select c.province, c.unit_id, c.longitude, c.latitude, c.households, st_x(g.label) as label_longitude, st_y(g.label) as label_latitude
from counted c
join unit u on u.province = c.province and u.id = c.unit_id
join polygon g on g.province = u.province and g.id = u.drawn_id
where u.province = any(array(select province from province)) and g.province = any(array(select province from province))
order by c.province, c.unit_id, c.latitude, c.longitude
