-- Answers a vector tile of the service points of every kind open on a day that lie in a unit.
-- needs: published
with feature as (
  select k.px, k.py, s.province, s.code, s.name, s.kind
  from service_point s
  cross join lateral (select s.position as point) p
-- include: tile_pixel
  where s.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and s.open @> @day::date and s.position && st_makeenvelope(@west::float8, @south::float8, @east::float8, @north::float8, 4326)
    and k.inside
    and (@within::bigint = 0 or exists (
      select
      from (select st_x(s.position) as longitude, st_y(s.position) as latitude) a
-- include: unit_of_point
      where case @within_level::text when 'hamlet' then h.hamlet_id when 'commune' then c.commune_id
          when 'district' then c.district_id else c.province_id end = @within))
)
select st_asmvt(f, 'service_points', 4096, 'geom') as tile
from (
  select st_makepoint(px, py) as geom, province, code, name, kind
  from feature
  order by code, province
) f
