-- The places with their household addresses, and the narrowest unit that each lies in (0: none) since and until when (days since 1970-01-01).
select p.id, p.addresses, coalesce(i.hamlet_id, i.commune_id, i.district_id, i.province_id, 0) as unit, lower(i.period) - date '1970-01-01' as since, upper(i.period) - date '1970-01-01' as until
from place p
left join place_period i on i.province = p.province and i.place_id = p.id
where p.province = @province
order by p.id, lower(i.period)
