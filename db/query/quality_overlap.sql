-- part: the cases of overlap: pairs of units of one level whose polygons overlap on @day by at least 100 m2
select a.province, 'units' as table_name,
  a.level || '/' || a.code || '/' || lower(a.valid) || ' & ' || b.level || '/' || b.code || '/' || lower(b.valid) as identity, a.id as unit_id,
  st_x(o.position) as longitude, st_y(o.position) as latitude,
  array[a.full_name, a.code, b.full_name, b.code, round(o.km2::numeric, 4)::text]::text[] as facts
from polygon_overlap o
join unit x on x.province = o.province and x.polygon_id = o.a and x.valid @> @day
join unit y on y.province = o.province and y.polygon_id = o.b and y.level = x.level and y.valid @> @day and (o.a <> o.b or y.id > x.id)
cross join lateral (select least((x.code, x.id), (y.code, y.id)) = (x.code, x.id) as ordered) i
join unit a on a.province = o.province and a.id = case when i.ordered then x.id else y.id end
join unit b on b.province = o.province and b.id = case when i.ordered then y.id else x.id end
where o.province = any(array(select s.province from dataset s where @province::text in ('', s.province))) and o.km2 >= 0.0001
  and exists (select from scope_unit s where s.province = o.province and s.unit_id in (a.id, b.id))
