-- Answers, for each point (degrees) and day, the open service points of every kind that are the nearest, with the geodesic distance in metres.
-- Found as team_nearest.sql finds teams.
-- needs: published
with here as materialized (
  select a.asked, a.day, a.latitude, st_setsrid(st_makepoint(a.longitude, a.latitude), 4326) as point
  from unnest(@longitudes::float8[], @latitudes::float8[], @days::date[]) with ordinality as a (longitude, latitude, day, asked)
)
select h.asked, n.province, n.code, n.name, n.kind, st_x(n.position) as longitude, st_y(n.position) as latitude, n.distance_metres
from here h
cross join lateral (
  select max(st_distance(c.position::geography, h.point::geography)) / 110574 * 1.01 as degrees -- a degree of latitude is 110,574 m or more
  from (
    select p.position
    from service_point p
    where p.province = any(array(select s.province from dataset s)) and p.open @> h.day
    order by p.position <-> h.point
    limit @first::int
  ) c
) b
cross join lateral (
  select p.*, st_distance(p.position::geography, h.point::geography) as distance_metres
  from service_point p
  where p.province = any(array(select s.province from dataset s)) and p.open @> h.day
    and p.position && st_expand(h.point, b.degrees / greatest(0.01, cos(radians(least(89.9, abs(h.latitude) + b.degrees)))), b.degrees)
  order by distance_metres, p.code, p.province
  limit @first
) n
order by h.asked, n.distance_metres, n.code, n.province
