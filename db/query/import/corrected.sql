-- The fields that accepted challenges corrected: what was disputed, when that was last decided, and by which challenge.
create temporary table corrected on commit drop as
select k.what, k.scheme, k.code, k.field, array_agg(coalesce(k.former, '')) as formers, max(k.decided_on) as decided_on, max(k.challenge_id) as challenge_id
from correction k
where k.province = @province and k.what in ('address', 'household') and k.field <> 'surveyed_on'
group by k.what, k.scheme, k.code, k.field
