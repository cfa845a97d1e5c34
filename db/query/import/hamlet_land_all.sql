-- The lands: number, WKB.
select n, ST_AsBinary(geometry, 'NDR') from hamlet_land where not ST_IsEmpty(geometry) order by n
