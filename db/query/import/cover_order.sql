-- The sets of polygons that were found, in order.
create temporary table cover_order on commit drop as
select found, (select array_agg(id order by id) from unnest(found) as id) as covers
from (select distinct found from point_covers) f
