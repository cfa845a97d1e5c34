-- The hashes of the province's erased households, and of their addresses.
select household, address from erased where province = @province
