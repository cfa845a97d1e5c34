-- The stored adoptions of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select household_code, service_code, adopted_on, ended_on
from adoption
where province = @province
order by household_code, service_code, adopted_on
