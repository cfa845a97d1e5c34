-- Rejects staged units whose polygon has a vertex far outside Vietnam, in the bundle's own coordinates; swapped axes are named.
insert into rejected (file, line, col, value, code, message)
select file, line, 'geometry', format('%s %s, %s %s', x0, y0, x1, y1),
       case when swapped then 'swapped_axes' else 'outside_vietnam' end,
       case when swapped then 'the polygon lies outside Vietnam, but not with x and y exchanged: the axes are swapped; write x (easting, longitude) first'
            else 'the polygon reaches outside longitude 102-118, latitude 6-24; check its coordinates and the bundle''s srid' end
from (
  select s.file, s.line, x0, y0, x1, y1,
         y0 >= @minimum_x and y1 <= @maximum_x and x0 >= @minimum_y and x1 <= @maximum_y as swapped
  from (select s.file, s.line, ST_XMin(g) x0, ST_YMin(g) y0, ST_XMax(g) x1, ST_YMax(g) y1
        from stage_units s, lateral ST_GeomFromWKB(s.geometry) g where s.geometry is not null) s
  where not (x0 >= @minimum_x and x1 <= @maximum_x and y0 >= @minimum_y and y1 <= @maximum_y)
) s
