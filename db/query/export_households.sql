-- The stored households of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select code, address_scheme, address_code, commune_code, hamlet_code, persons, registered_on, ended_on
from household
where province = @province
order by code
