-- The stored successions of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select from_level, from_code, to_level, to_code, effective_on, extent, decision
from succession
where province = @province
order by effective_on, from_level, from_code, to_level, to_code, extent
