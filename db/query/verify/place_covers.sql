-- Every address is in the place of exactly the polygons that cover it: located anew, point by point.
select 'address ' || a.scheme || '/' || a.code
from address a
left join lateral (
  select array_agg(distinct g.id order by g.id) as covers from polygon g
  where g.province = @province and g.geometry && a.position and ST_Covers(g.geometry, a.position)
    and exists (select from unit u where u.province = @province and u.polygon_id = g.id and u.level in ('commune', 'hamlet'))
) c on true
left join place p on p.province = @province and p.id = a.place_id
where a.province = @province and (p.id is null or p.declared <> 0 or p.covers <> coalesce(c.covers, '{}'))
