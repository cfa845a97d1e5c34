-- Answers the vector tile $2/$3/$4, of zoom 11 or less, of all addresses with their status on a day ($1) in bins: the least that PostgreSQL can do for the same bytes.
select st_asmvt(f, 'address_bins', 4096, 'geom')
from (
  select st_makepoint((px::bigint >> (16 - $2)) - 4096 * $3::bigint, (py::bigint >> (16 - $2)) - 4096 * $4::bigint) as geom, addresses, guided, attempted, not_visited as "notVisited", ineligible, unknown,
    addresses - guided - attempted - not_visited - ineligible - unknown as other
  from (
    select x >> (11 - $2) as x, y >> (11 - $2) as y, sum(px) / sum(addresses) as px, sum(py) / sum(addresses) as py, sum(addresses)::int as addresses,
      coalesce(sum(guided[n]), 0)::int as guided, coalesce(sum(attempted[n]), 0)::int as attempted, coalesce(sum(not_visited[n]), 0)::int as not_visited,
      coalesce(sum(ineligible[n]), 0)::int as ineligible, (sum(household_addresses) - coalesce(sum(occupied[n]), 0))::int as unknown
    from (
      select *, width_bucket($1::date, days) as n
      from place_cell
      where x between $3::int << (17 - $2::int) and (($3 + 1) << (17 - $2)) - 1 and y between $4::int << (17 - $2) and (($4 + 1) << (17 - $2)) - 1
      offset 0
    ) c
    group by 1, 2
    order by 1, 2
  ) b
) f
