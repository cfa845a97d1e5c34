-- Answers the cnscd teams active on a day whose bases are the nearest to a point (degrees), with the geodesic distance in metres.
-- Degrees are not metres: the nearest in degrees only bound how far the nearest in metres can be (110,574 m is the
-- shortest degree of latitude; a degree of longitude shrinks with the cosine), and all within that bound are measured.
with here as (select st_setsrid(st_makepoint(@longitude::float8, @latitude::float8), 4326) as point),
bound as (
  select max(st_distance(c.base::geography, c.point::geography)) / 110574 * 1.01 as degrees
  from (
    select t.base, h.point
    from here h cross join team t
    where t.province = any(array(select s.province from dataset s)) and t.kind = 'cnscd' and t.active @> @day::date
    order by t.base <-> h.point
    limit @first::int
  ) c
)
select
-- include: team_column
  , st_distance(t.base::geography, h.point::geography) as distance_metres
from here h
cross join bound b
join team t on t.base && st_expand(h.point, b.degrees / greatest(0.01, cos(radians(least(89.9, abs(@latitude) + b.degrees)))), b.degrees)
where t.province = any(array(select s.province from dataset s)) and t.kind = 'cnscd' and t.active @> @day::date
order by distance_metres, t.code, t.province
limit @first
