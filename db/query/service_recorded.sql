-- Answers the codes of the services of a province that any household ever took up.
-- needs: aggregates
select v.code
from service v
where v.province = @province and exists (select from adoption a where a.province = @province and a.service_code = v.code)
order by v.code
