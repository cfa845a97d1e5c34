-- The teams of kind cnscd with the units that each serves, and those that these lie in, since and until when (days since 1970-01-01).
select p.team_code as team, array_remove(array[p.province_id, p.district_id, p.commune_id, p.hamlet_id], null) as units,
  lower(p.period) - date '1970-01-01' as since, upper(p.period) - date '1970-01-01' as until
from team_period p
where p.province = @province and p.kind = 'cnscd'
order by p.team_code
