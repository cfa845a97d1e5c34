-- Addresses in no polygon, and those that lie elsewhere than they declare, on the day of their survey, else the bundle's:
-- file, line, column, value, code, message.
select s.file, s.line, w.col, w.value, w.code, w.message
from stage_addresses s
join address a on a.province = @province and a.scheme = s.scheme and a.code = s.code
left join place_period t on t.province = @province and t.place_id = a.place_id and t.period @> coalesce(s.surveyed_on, @as_of::date)
left join unit c on c.province = @province and c.id = t.commune_id
left join unit h on h.province = @province and h.id = t.hamlet_id
cross join lateral (
  select 'lon' as col, format('%s, %s', s.lon, s.lat) as value, 'in_no_polygon' as code,
         'the point lies in no commune; it counts as unassigned until the point or the polygons are corrected' as message
  where c.id is null
  union all
  select 'commune_code', s.commune_code, 'declared_elsewhere',
         format('declares commune %s but lies in %s %s; where it lies counts; correct the code or the point', s.commune_code, c.full_name, c.code)
  where c.code <> s.commune_code
  union all
  select 'hamlet_code', s.hamlet_code, 'declared_elsewhere',
         format('declares hamlet %s but lies in %s %s; where it lies counts; correct the code or the point', s.hamlet_code, h.full_name, h.code)
  where h.code <> s.hamlet_code
) w
where c.id is null or c.code <> s.commune_code or h.code <> s.hamlet_code
order by s.file, s.line
