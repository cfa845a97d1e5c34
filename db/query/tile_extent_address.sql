-- Answers the envelope (degrees) of all addresses; all null where there is none.
-- needs: aggregates
select st_xmin(e.box) as west, st_ymin(e.box) as south, st_xmax(e.box) as east, st_ymax(e.box) as north
from (
  select st_extent(a.position) as box from address a where a.province = any(array(select s.province from dataset s))
) e
