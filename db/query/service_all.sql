-- Answers the services of every province.
-- needs: published
select province, code, name_vi, name_en, counted_in
from service
order by code, province
