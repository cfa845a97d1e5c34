-- The derived polygons of hamlets that a drawn one covers by more than 1 m2 on a common day, without what it covers.
create temporary table give_way on commit drop as
select u.id as unit_id, ST_Multi(ST_CollectionExtract(ST_Difference(p.geometry, ST_Union(o.geometry)), 3)) as geometry
from unit u
join polygon p on p.province = @province and p.id = u.polygon_id
join unit w on w.province = @province and w.level = 'hamlet' and w.derived_support is null and w.valid && u.valid
join polygon o on o.province = @province and o.id = w.polygon_id and o.geometry && p.geometry
where u.province = @province and u.derived_support is not null
  and ST_Relate(p.geometry, o.geometry, '2********') and ST_Area(ST_Intersection(p.geometry, o.geometry)::geography) > 1
group by u.id, p.geometry
