-- The stored visits of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select code, household_code, team_code, visited_on, outcome, topics
from visit
where province = @province
order by code
