-- Addresses of kind household.
insert into delta_address
select a.place_id, @sign::int * count(*)
from address a
join touched_address t on t.scheme = a.scheme and t.code = a.code -- only the touched
where a.province = @province and a.kind = 'household'
group by a.place_id
