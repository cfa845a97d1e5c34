-- Where the places with household addresses lie: place, addresses, first day, day after the last (days since 1970-01-01), the chain.
select t.place_id, p.addresses, coalesce(lower(t.period) - date '1970-01-01', -2147483648), coalesce(upper(t.period) - date '1970-01-01', 2147483647),
       t.province_id, t.district_id, t.commune_id, t.hamlet_id
from place_period t join place p on p.province = @province and p.id = t.place_id
where t.province = @province and p.addresses > 0
