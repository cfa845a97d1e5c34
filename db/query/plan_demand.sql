-- Answers where the households of a demand are on a day, an address a row: degrees and households. A box holds the addresses in it.
-- needs: persons
with
-- include: demand_address
select st_x(a.position) as longitude, st_y(a.position) as latitude, a.households
from demand a
where @west::float8 is null or a.position && st_makeenvelope(@west, @south::float8, @east::float8, @north::float8, 4326)
