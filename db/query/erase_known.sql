-- Of hashes of households, the numbers in the list (from 0) of those that have been erased.
-- needs: erasure
select (c.number - 1)::int as at
from unnest(@digests::bytea[]) with ordinality c (digest, number)
join erased e on e.province = @province and e.household = c.digest
order by c.number
