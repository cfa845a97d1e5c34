-- What became of units: from, to, extent, day (days since 1970-01-01).
select from_level, from_code, to_level, to_code, extent, effective_on - date '1970-01-01'
from succession where province = @province order by from_level, from_code, effective_on, to_level, to_code, extent
