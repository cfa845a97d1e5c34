-- Answers a vector tile, of zoom 11 or less, of the digital addresses in a unit with their status on a day, where they are more than @most, else null: layer address_bins has points of a grid of 64 by 64 with how many addresses of each status stand for them.
-- needs: persons
with bin as materialized (
  select sum(c.px) / sum(c.addresses) as px, sum(c.py) / sum(c.addresses) as py, sum(c.addresses)::int as addresses,
    coalesce(sum(c.guided[l.n]), 0)::int as guided, coalesce(sum(c.attempted[l.n]), 0)::int as attempted, coalesce(sum(c.not_visited[l.n]), 0)::int as not_visited,
    coalesce(sum(c.ineligible[l.n]), 0)::int as ineligible, (sum(c.household_addresses) - coalesce(sum(c.occupied[l.n]), 0))::int as unknown
  from place_cell c
  cross join lateral (
    select width_bucket(@day::date, c.days) as n
    offset 0 -- once, though it is used five times
  ) l
  where c.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and c.x between @x::int << (17 - @z::int) and ((@x + 1) << (17 - @z)) - 1
    and c.y between @y::int << (17 - @z) and ((@y + 1) << (17 - @z)) - 1
    and (@within::bigint = 0 or c.place_id in (
      select i.place_id from place_period i
      where i.province = @province and i.period @> @boundary::date
        and case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
          when 'district' then i.district_id else i.province_id end = @within))
  group by c.x >> (11 - @z), c.y >> (11 - @z)
  order by c.x >> (11 - @z), c.y >> (11 - @z)
)
select case when sum(f.addresses) > @most::int then st_asmvt(f, 'address_bins', 4096, 'geom') end as tile, coalesce(sum(f.addresses), 0)::int as addresses
from (
  select st_makepoint((px::bigint >> (16 - @z)) - 4096 * @x::bigint, (py::bigint >> (16 - @z)) - 4096 * @y::bigint) as geom, addresses,
    guided, attempted, not_visited as "notVisited", ineligible, unknown, addresses - guided - attempted - not_visited - ineligible - unknown as other
  from bin
) f
