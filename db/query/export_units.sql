-- The stored units of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select u.level, u.code, u.name, u.kind, u.parent_level, u.parent_code, lower(u.valid) as valid_from, upper(u.valid) as valid_to,
       u.population, u.households, ST_AsBinary(p.geometry) as geometry, u.derived_support as derived_from
from unit u
left join polygon p on p.province = @province and p.id = u.polygon_id
where u.province = @province
order by u.level, u.code, valid_from
