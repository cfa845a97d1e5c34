-- The lands that hamlets are to be drawn in: what the polygons of one land (its commune's on @day first) have in common, less what drawn
-- hamlets of the commune cover on that day.
create temporary table hamlet_land on commit drop as
with recursive part as (
  select n, rank, polygon_id from unnest(@lands::integer[], @ranks::integer[], @polygons::bigint[]) t (n, rank, polygon_id)
), common as (
  select t.n, t.rank, t.polygon_id as commune, p.geometry::geometry from part t join polygon p on p.province = @province and p.id = t.polygon_id where t.rank = 1
  union all
  select c.n, t.rank, c.commune, ST_CollectionExtract(ST_Intersection(c.geometry, p.geometry), 3)
  from common c
  join part t on t.n = c.n and t.rank = c.rank + 1
  join polygon p on p.province = @province and p.id = t.polygon_id
), drawn as materialized (
  select o.commune, ST_Union(p.geometry) as geometry
  from unnest(@drawn_communes::bigint[], @drawn_polygons::bigint[]) o (commune, polygon_id)
  join polygon p on p.province = @province and p.id = o.polygon_id
  group by o.commune
)
select distinct on (c.n) c.n, c.commune, d.geometry as drawn,
       case when d.geometry is null then c.geometry else ST_CollectionExtract(ST_Difference(c.geometry, d.geometry), 3) end as geometry
from common c left join drawn d on d.commune = c.commune
order by c.n, c.rank desc
