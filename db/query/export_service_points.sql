-- The stored service points of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select code, kind, name, commune_code, ST_X(position) as lon, ST_Y(position) as lat, lower(open) as opened_on, upper(open) as closed_on
from service_point
where province = @province
order by code
