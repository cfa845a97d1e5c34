-- The addresses that change: new and changed rows, those that move, and those where new, changed, moving or newly visited households live or lived.
create temporary table touched_address on commit drop as
select scheme, code from change_address
union
select scheme, code from located where old_place_id <> place_id
union
select address_scheme, address_code from change_household where address_code is not null
union
select h.address_scheme, h.address_code from household h join touched_household t using (code)
where h.province = @province and h.address_code is not null
