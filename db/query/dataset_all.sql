-- Answers what is loaded, a row a province.
-- needs: published
select province, as_of, source, licence, synthetic, imported_at, snapshot
from dataset
order by province
