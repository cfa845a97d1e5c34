-- Locates every address as an import must be able to for any day: in each polygon that a commune or a hamlet has had. One row a find.
insert into copied.located
select a.province, a.scheme, a.code, u.code
from (select min(level || '/' || code) as code, geometry from copied.units where level in ('commune', 'hamlet') and geometry is not null group by geometry) u
join copied.addresses a on st_covers(u.geometry, a.position)
