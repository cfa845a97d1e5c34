-- The place of each point.
create temporary table located on commit drop as
with known as materialized (
  select o.found, p.id from cover_order o join place p on p.province = @province and p.covers = o.covers and p.declared = 0
), nowhere as materialized (
  select id from place where province = @province and covers = '{}' and declared = 0
)
select pt.scheme, pt.code, pt.old_place_id, coalesce(k.id, (select id from nowhere)) as place_id
from point pt
left join point_covers c on c.n = pt.n
left join known k on k.found = c.found
