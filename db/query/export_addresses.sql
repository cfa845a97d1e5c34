-- The stored addresses of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select scheme, code, ST_X(position) as lon, ST_Y(position) as lat, kind, commune_code, hamlet_code, label, surveyed_on
from address
where province = @province
order by scheme, code
