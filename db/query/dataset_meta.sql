-- What a province's bundle.json said: the latest import's day, source and licence, and whether the data are synthetic.
-- needs: published
select as_of, source, coalesce(licence, '') as licence, synthetic
from dataset
where province = @province
