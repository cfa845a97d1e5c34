-- Which polygons of communes and hamlets cover each point, borders included, in the order in which they were found: putting a
-- million finds in order first would cost as much as finding them.
create temporary table point_covers on commit drop as
select pt.n, array_agg(po.id) as found
from polygon_cover c
join polygon po on po.province = @province and po.id = c.id
join point pt on ST_Covers(po.geometry, pt.position)
where c.province = @province
group by pt.n
