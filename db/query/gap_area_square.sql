-- Answers every gap household of a unit, or of what a box (degrees) meets, on a day: the middle of the square (@square_degrees a side) that its address
-- lies in (degrees; null: it has none) and the hamlet it lies in (0: none). A box holds those with an address in a hamlet that it meets,
-- or, outside of hamlets, in a commune. In no order.
-- needs: decisions
with
-- include: gap_household
,
-- include: unit_met
select g.province, s.longitude, s.latitude, coalesce(g.hamlet_id, 0) as hamlet_id
from gap_household g
left join address a on a.province = g.province and a.scheme = g.scheme and a.code = g.code
-- include: square
where @west::float8 is null or s.longitude is not null and (g.province, coalesce(g.hamlet_id, g.commune_id)) in (select m.province, m.id from unit_met m)
