-- The lands that hamlets are to be drawn in: what the polygons of one land (its commune's on @day first) have in common, less what drawn
-- hamlets of any commune cover that are valid on a day on which one of the land's is, where that is more than 1 m2.
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
), time as ( -- when the hamlets of a land are valid
  select m.n, range_agg(u.valid) as valid
  from unnest(@undrawn_lands::integer[], @undrawn::bigint[]) m (n, unit_id)
  join unit u on u.province = @province and u.id = m.unit_id
  group by m.n
), drawn as materialized (
  select t.n, ST_Union(o.geometry) as geometry
  from part t
  join polygon p on p.province = @province and p.id = t.polygon_id
  join time on time.n = t.n
  join unit w on w.province = @province and w.level = 'hamlet' and w.derived_support is null and w.valid && time.valid
  join polygon o on o.province = @province and o.id = w.polygon_id and o.geometry && p.geometry
  where t.rank = 1 and ST_Relate(p.geometry, o.geometry, '2********') and ST_Area(ST_Intersection(p.geometry, o.geometry)::geography) > 1
  group by t.n
)
select distinct on (c.n) c.n, c.commune, d.geometry as drawn,
       case when d.geometry is null then c.geometry else ST_CollectionExtract(ST_Difference(c.geometry, d.geometry), 3) end as geometry
from common c left join drawn d on d.n = c.n
order by c.n, c.rank desc
