-- Answers how many bundles were sent, of a province or all.
-- needs: import
select count(*)::int as jobs
from import_job j
where @province::text = '' or j.province = @province
