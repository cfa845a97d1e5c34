-- Answers the envelope (degrees) of all that everybody may see in tiles, or of the polygon of a unit; all null where there is none.
-- needs: published
select st_xmin(e.box) as west, st_ymin(e.box) as south, st_xmax(e.box) as east, st_ymax(e.box) as north
from (
  select st_extent(g.box) as box
  from (
    select st_makeenvelope(s.west, s.south, s.east, s.north, 4326) as box from dataset s where @within::bigint = 0
    union all
    select st_extent(p.position)::geometry from service_point p where @within = 0 and p.province = any(array(select s.province from dataset s))
    union all
    select st_extent(t.base)::geometry from team t where @within = 0 and t.province = any(array(select s.province from dataset s))
    union all
    select g.geometry
    from unit u
    join polygon g on g.province = u.province and g.id = u.drawn_id
    where u.province = @province::text and u.id = @within
  ) g
) e
