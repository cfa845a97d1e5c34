-- Lets the figures published of days (since 1970-01-01) stand, though households were erased since: says what the counts are by now.
update published_day p set digest = k.digest, erased = p.erased + @erased
from unnest(@days::int[], @digests::bytea[]) k (day, digest)
where p.province = @province and p.day - date '1970-01-01' = k.day
