-- Locates every address in the hamlets valid on a day ($1).
insert into copied.located
select a.province, a.scheme, a.code, u.code
from copied.units u
join copied.addresses a on st_covers(u.geometry, a.position)
where u.level = 'hamlet' and u.valid_from <= $1::date and (u.valid_to is null or $1 < u.valid_to)
