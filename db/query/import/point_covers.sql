-- Which polygons of communes and hamlets cover each point, borders included.
create temporary table point_covers on commit drop as
select pt.n, array_agg(po.id order by po.id) as covers
from polygon_cover c
join polygon po on po.province = @province and po.id = c.id
join point pt on ST_Covers(po.geometry, pt.position)
where c.province = @province
group by pt.n
