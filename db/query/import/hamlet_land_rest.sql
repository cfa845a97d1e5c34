-- What is left of the communes beside the lands and what drawn hamlets take from any of them, where it is more than 1 m2 (borders of
-- other times don't quite meet), goes to the land with which it has most border.
update hamlet_land l set geometry = ST_CollectionExtract(ST_Union(l.geometry, r.geometry), 3)
from (
  select n, ST_Union(rest) as geometry
  from (
    select distinct on (r.id) r.id, r.rest, l.n
    from (
      select row_number() over (order by c.commune, d.path) as id, c.commune, d.geom as rest
      from (
        select commune, ST_Union(coalesce(ST_Union(geometry), 'GEOMETRYCOLLECTION EMPTY'), coalesce(ST_Union(drawn), 'SRID=4326;GEOMETRYCOLLECTION EMPTY')) as taken
        from hamlet_land group by commune
      ) c
      join polygon p on p.province = @province and p.id = c.commune
      cross join lateral ST_Dump(ST_CollectionExtract(ST_Difference(p.geometry, c.taken), 3)) d
      where ST_Area(d.geom::geography) > 1
    ) r
    join hamlet_land l on l.commune = r.commune and not ST_IsEmpty(l.geometry) and ST_Intersects(l.geometry, r.rest)
    order by r.id, ST_Length(ST_Intersection(ST_Boundary(l.geometry), ST_Boundary(r.rest))) desc, l.n
  ) o
  group by n
) r
where r.n = l.n
