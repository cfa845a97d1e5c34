-- Answers the envelope (degrees) of all addresses, outward to whole hundredths, so that it tells where none of them stands; all null where there is none.
-- needs: aggregates
select floor(st_xmin(e.box) * 100) / 100 as west, floor(st_ymin(e.box) * 100) / 100 as south, ceil(st_xmax(e.box) * 100) / 100 as east, ceil(st_ymax(e.box) * 100) / 100 as north
from (
  select st_extent(a.position) as box from address a where a.province = any(array(select s.province from dataset s))
) e
