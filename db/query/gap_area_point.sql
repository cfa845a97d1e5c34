-- Answers every gap household of a unit or a box (degrees) on a day: where its address is (degrees; null: it has none) and the hamlet it
-- lies in (0: none). A box holds those whose address is in it. In no order.
-- needs: persons
with
-- include: gap_household
select g.province, st_x(a.position) as longitude, st_y(a.position) as latitude, coalesce(g.hamlet_id, 0) as hamlet_id
from gap_household g
left join address a on a.province = g.province and a.scheme = g.scheme and a.code = g.code
where @west::float8 is null or a.position && st_makeenvelope(@west, @south::float8, @east::float8, @north::float8, 4326)
