-- The stored designations of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select level, code, scheme, value, decision, lower(valid) as valid_from, upper(valid) as valid_to
from designation
where province = @province
order by level, code, scheme, value, valid
