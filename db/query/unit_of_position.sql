-- Answers which units each of many points (degrees) lies in on a day: smallest commune code, of its hamlets the smallest code, the commune's parents; ids.
-- needs: published
select a.asked, c.province, c.province_id, c.district_id, c.commune_id, h.hamlet_id
from unnest(@longitudes::float8[], @latitudes::float8[]) with ordinality as a (longitude, latitude, asked)
-- include: unit_of_point
order by a.asked
