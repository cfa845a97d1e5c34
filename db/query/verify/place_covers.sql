-- Every address is in the place of exactly the polygons that cover it: located anew.
select 'address ' || a.scheme || '/' || a.code
from address a
left join (
  select c.scheme, c.code, array_agg(g.id order by g.id) as covers
  from (
    select id, geometry from polygon g
    where g.province = @province and exists (select from unit u where u.province = @province and u.polygon_id = g.id and u.level in ('commune', 'hamlet'))
    offset 0
  ) g
  cross join lateral (select a.scheme, a.code from address a where a.province = @province and ST_Covers(g.geometry, a.position) offset 0) c
  group by c.scheme, c.code
) c using (scheme, code)
left join place p on p.province = @province and p.id = a.place_id
where a.province = @province and (p.id is null or p.declared <> 0 or p.covers <> coalesce(c.covers, '{}'))
