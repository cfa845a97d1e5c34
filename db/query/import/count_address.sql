-- Addresses of each place and cell.
insert into delta_address
select a.place_id, a.px >> 11, a.py >> 11, @sign::int * count(*), @sign * count(*) filter (where a.kind = 'household'), @sign * sum(a.px), @sign * sum(a.py)
from address a
join touched_address t on t.scheme = a.scheme and t.code = a.code -- only the touched
where a.province = @province
group by 1, 2, 3
