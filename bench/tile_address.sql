-- Answers the vector tile $2/$3/$4 of all addresses with their status on a day ($1): the least that PostgreSQL can do for the same bytes. $5 to $8 are the tile's envelope, degrees.
with
here as materialized (
  select row_number() over () as n, a.province, a.scheme, a.code, a.kind, k.px, k.py
  from address a
  cross join lateral (select (a.px >> (16 - $2::int)) - 4096 * $3::int as px, (a.py >> (16 - $2)) - 4096 * $4::int as py) k
  where a.position && st_makeenvelope($5::float8, $6::float8, $7::float8, $8::float8, 4326)
    and case when k.px between 0 and 4095 and k.py between 0 and 4095 then true else false end
),
household_here as materialized (
  select row_number() over () as m, a.n, h.province, h.code
  from here a
  join household h on h.province = a.province and h.address_scheme = a.scheme and h.address_code = a.code
  where h.registered_on <= $1::date and (h.ended_on is null or h.ended_on > $1)
),
visited as (
  select h.n, h.province, h.code, min(case v.outcome when 'guided' then 1 when 'ineligible' then 2 when 'declined' then 3 when 'not_home' then 3 end) as best
  from household_here h
  left join visit v on v.province = h.province and v.household_code = h.code and v.visited_on <= $1
  group by h.m, h.n, h.province, h.code
),
told as materialized (
  select a.*, coalesce(r.status, case when a.kind = 'household' then 5 end) as status
  from here a
  left join (
    select h.n, min(case when best = 1 then 1 when best is null then 3 when best = 2 and (
        select v.outcome = 'ineligible' from visit v where v.province = h.province and v.household_code = h.code and v.visited_on <= $1 order by v.visited_on desc, v.code desc limit 1
      ) then 4 else 2 end) as status
    from visited h
    group by h.n
  ) r on r.n = a.n
)
select (
    select st_asmvt(f, 'addresses', 4096, 'geom')
    from (
      select st_makepoint(px, py) as geom, translate(rtrim(encode(convert_to('address:' || province || ':' || scheme || ':' || code, 'UTF8'), 'base64'), '='), E'+/\n', '-_') as id,
        province, scheme, code, kind, (array['GUIDED', 'ATTEMPTED', 'NOT_VISITED', 'INELIGIBLE', 'UNKNOWN'])[status] as status
      from told
      where (select count(*) from here) <= 4096
      order by scheme, code, province
    ) f
  ) || (
    select st_asmvt(f, 'address_bins', 4096, 'geom')
    from (
      select st_makepoint(sum(px) / count(*), sum(py) / count(*)) as geom, count(*)::int as addresses,
        count(*) filter (where status = 1)::int as guided, count(*) filter (where status = 2)::int as attempted, count(*) filter (where status = 3)::int as "notVisited",
        count(*) filter (where status = 4)::int as ineligible, count(*) filter (where status = 5)::int as unknown, count(*) filter (where status is null)::int as other
      from told
      where (select count(*) from here) > 4096
      group by px / 64, py / 64
      order by px / 64, py / 64
    ) f
  )
