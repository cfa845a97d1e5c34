-- The place of each point.
create temporary table located on commit drop as
select pt.scheme, pt.code, pt.old_place_id, p.id as place_id
from point pt
left join point_covers c on c.n = pt.n
join place p on p.province = @province and p.covers = coalesce(c.covers, '{}') and p.declared = 0
