-- Parents whose polygon has parts that none of their children's polygons covers, at least 100 m2 on some common days: file, line, column, value, code, message.
select distinct on (s.file, s.line) s.file, s.line, 'geometry', u.code, 'hole',
       format('the polygons of %s''s %s leave %s km2 of %s %s uncovered; draw the missing part', u.code, child_level || 's', round(km2::numeric, 4), u.level, u.code)
from (
  select c.parent_id, h.level as child_level, min(lower(c.period)) as since, ST_Union(hp.geometry) as covered
  from unit_period c
  join unit h on h.province = @province and h.id = c.unit_id
  join unit q on q.province = @province and q.id = c.parent_id
  join polygon hp on hp.province = @province and hp.id = h.polygon_id
  where c.province = @province and c.period @> least(greatest(@as_of::date, lower(q.valid)), coalesce(upper(q.valid) - 1, 'infinity'))
  group by c.parent_id, h.level
) d
join unit u on u.province = @province and u.id = d.parent_id
join polygon p on p.province = @province and p.id = u.polygon_id
join stage_units s on s.level = u.level and s.code = u.code and s.valid_from = lower(u.valid)
cross join lateral (select ST_Area(ST_Difference(p.geometry, d.covered)::geography) / 1e6 as km2) area
where km2 >= 0.0001
order by s.file, s.line
