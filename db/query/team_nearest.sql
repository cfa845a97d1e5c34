-- Answers, for each point (degrees) and day, the active cnscd teams whose bases are the nearest, with the geodesic distance in metres.
-- Degrees are not metres: the nearest in degrees only bound how far the nearest in metres can be (110,574 m is the
-- shortest degree of latitude; a degree of longitude shrinks with the cosine), and all within that bound are measured.
-- needs: published
with here as materialized (
  select a.asked, a.day, a.latitude, st_setsrid(st_makepoint(a.longitude, a.latitude), 4326) as point
  from unnest(@longitudes::float8[], @latitudes::float8[], @days::date[]) with ordinality as a (longitude, latitude, day, asked)
)
select h.asked,
-- include: team_column
  , n.distance_metres
from here h
cross join lateral (
  select max(st_distance(c.base::geography, h.point::geography)) / 110574 * 1.01 as degrees -- a degree of latitude is 110,574 m or more
  from (
    select t.base
    from team t
    where t.province = any(array(select s.province from dataset s)) and t.kind = 'cnscd' and t.active @> h.day
    order by t.base <-> h.point
    limit @first::int
  ) c
) b
cross join lateral (
  select t.province, t.code, st_distance(t.base::geography, h.point::geography) as distance_metres
  from team t
  where t.province = any(array(select s.province from dataset s)) and t.kind = 'cnscd' and t.active @> h.day
    and t.base && st_expand(h.point, b.degrees / greatest(0.01, cos(radians(least(89.9, abs(h.latitude) + b.degrees)))), b.degrees)
  order by distance_metres, t.code, t.province
  limit @first
) n
join team t on t.province = n.province and t.code = n.code
order by h.asked, n.distance_metres, t.code, t.province
