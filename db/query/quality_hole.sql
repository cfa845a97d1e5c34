-- part: the cases of hole: units whose polygon is left uncovered by those of their parts on @day, by at least 100 m2
select s.province, 'units' as table_name, s.level || '/' || s.code || '/' || lower(s.valid) || ' ' || h.level as identity, s.unit_id,
  st_x(h.position) as longitude, st_y(h.position) as latitude, array[s.full_name, s.code, h.level, round(h.km2::numeric, 4)::text]::text[] as facts
from scope_unit s
join polygon_hole h on h.province = s.province and h.unit_id = s.unit_id and h.period @> @day
where h.km2 >= 0.0001
