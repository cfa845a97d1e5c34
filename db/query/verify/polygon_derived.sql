-- Only hamlets have derived polygons, each supported by at least one address, and none takes more than 1 m2 of a drawn hamlet's.
select level || ' ' || code || ' valid ' || valid || ': derived from ' || derived_support || case when polygon_id is null then ' without a polygon' else '' end
from unit where province = @province and derived_support is not null and (level <> 'hamlet' or derived_support < 1 or polygon_id is null)
union all
select 'derived hamlet ' || u.code || ' lies on drawn hamlet ' || w.code
from unit u
join polygon p on p.province = @province and p.id = u.polygon_id
join unit w on w.province = @province and w.level = 'hamlet' and w.derived_support is null and w.valid && u.valid
join polygon o on o.province = @province and o.id = w.polygon_id and o.geometry && p.geometry
where u.province = @province and u.derived_support is not null
  and ST_Relate(p.geometry, o.geometry, '2********') and ST_Area(ST_Intersection(p.geometry, o.geometry)::geography) > 1
