-- Answers what is loaded, a row a province.
select province, as_of, source, licence, synthetic, imported_at, snapshot
from dataset
order by province
