-- Which of these points, near the border of these polygons, they cover, borders included: the number in the list.
select d.n::integer
from unnest(@polygons::bigint[], @longitudes::float8[], @latitudes::float8[]) with ordinality as d (polygon_id, x, y, n)
join polygon p on p.province = @province and p.id = d.polygon_id
where ST_Covers(p.geometry, ST_SetSRID(ST_MakePoint(d.x, d.y), 4326))
