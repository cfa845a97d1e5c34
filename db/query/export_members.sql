-- The stored members of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select code, team_code, role, organization, lower(joined) as joined_on, upper(joined) as left_on, trained_on
from member
where province = @province
order by code
