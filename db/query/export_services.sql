-- The stored services of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select code, name_vi, name_en, counted_in
from service
where province = @province
order by code
