-- The stored teams of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select code, name, level, kind, unit_code, decision, lower(active) as established_on, upper(active) as dissolved_on,
       ST_X(position) as lon, ST_Y(position) as lat
from team
where province = @province
order by code
