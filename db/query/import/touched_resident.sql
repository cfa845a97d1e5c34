-- The households that are counted anew: those touched, and all at the addresses that change, which have the status of the most reached.
create temporary table touched_resident on commit drop as
select code from touched_household
union
select h.code
from household h
join touched_address t on t.scheme = h.address_scheme and t.code = h.address_code
where h.province = @province
