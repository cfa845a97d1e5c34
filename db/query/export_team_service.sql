-- The stored team services of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select team_code, level, unit_code, from_on, upper(served) as to_on
from team_service
where province = @province
order by team_code, level, unit_code, from_on
