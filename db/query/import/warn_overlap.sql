-- Polygons of one level that overlap on a common day by at least 100 m2: file, line, column, value, code, message. At the row of
-- the unit that was there first, or of the other where only that is in this bundle.
select coalesce(sa.file, sb.file), coalesce(sa.line, sb.line), 'geometry', format('%s/%s', a.code, b.code), 'overlap',
       format('%s %s and %s overlap by %s km2; redraw their common border', a.level, a.code, b.code, round(o.km2::numeric, 4))
from polygon_overlap o
join unit ua on ua.province = @province and ua.polygon_id = o.a
join unit ub on ub.province = @province and ub.polygon_id = o.b and ub.level = ua.level and ub.valid && ua.valid and (o.a <> o.b or ub.id > ua.id)
cross join lateral (select least(ua.id, ub.id) as first, greatest(ua.id, ub.id) as second) i
join unit a on a.province = @province and a.id = i.first
join unit b on b.province = @province and b.id = i.second
left join stage_units sa on sa.level = a.level and sa.code = a.code and sa.valid_from = lower(a.valid)
left join stage_units sb on sb.level = b.level and sb.code = b.code and sb.valid_from = lower(b.valid)
where o.province = @province and o.km2 >= 0.0001 and (sa.file is not null or sb.file is not null)
order by 1, 2, b.code
