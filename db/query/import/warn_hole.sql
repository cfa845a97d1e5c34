-- Parents whose polygon has parts that none of their children's polygons covers, at least 100 m2, on the bundle's day (else the
-- nearest on which they stand): file, line, column, value, code, message. At the parent's row, or its first child's where only
-- children are in this bundle.
select coalesce(s.file, k.file), coalesce(s.line, k.line), 'geometry', u.code, 'hole',
       format('the polygons of its %ss leave %s km2 of %s %s uncovered; draw the missing part', h.level, round(h.km2::numeric, 4), u.level, u.code)
from polygon_hole h
join unit u on u.province = @province and u.id = h.unit_id
left join stage_units s on s.level = u.level and s.code = u.code and s.valid_from = lower(u.valid)
left join lateral (
  select k.file, k.line
  from unit_period c
  join unit ku on ku.province = @province and ku.id = c.unit_id
  join stage_units k on k.level = ku.level and k.code = ku.code and k.valid_from = lower(ku.valid)
  where c.province = @province and c.parent_id = h.unit_id and c.period && h.period and ku.level = h.level and ku.polygon_id is not null
  order by k.file, k.line limit 1
) k on s.file is null
where h.province = @province and h.period @> least(greatest(@as_of::date, lower(u.valid)), coalesce(upper(u.valid) - 1, 'infinity'))
  and (s.file is not null or k.file is not null)
order by 1, 2, h.level
