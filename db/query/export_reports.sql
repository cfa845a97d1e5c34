-- The stored reports of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select level, unit_code, measure, value, qualifier, from_on, as_of, base, share, source
from report
where province = @province
order by level, unit_code, measure, as_of, source
