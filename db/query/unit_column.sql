-- part: the columns of a Unit, of the unit rows named u
u.province, u.id, u.level, u.code, u.name, u.full_name, u.kind, lower(u.valid) as valid_from, upper(u.valid) as valid_to, u.population, u.households, u.derived_support as derived_from
