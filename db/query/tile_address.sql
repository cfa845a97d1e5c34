-- Answers a vector tile of the digital addresses in a unit with their status on a day: layer addresses has each, where they are at most @most; else layer address_bins has points of a grid of 64 by 64 with how many addresses of each status stand for them.
-- needs: persons
with here as materialized (
  select row_number() over () as number, a.province, a.scheme, a.code, a.kind, k.px, k.py
  from address a
  cross join lateral (select (a.px >> (16 - @z::int)) - 4096 * @x::int as px, (a.py >> (16 - @z)) - 4096 * @y::int as py) o
  cross join lateral (select o.px, o.py, case when o.px between 0 and 4095 and o.py between 0 and 4095 then true else false end as inside) k -- see tile_pixel
  where a.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and a.position && st_makeenvelope(@west::float8, @south::float8, @east::float8, @north::float8, 4326)
    and k.inside
    and (@within::bigint = 0 or a.place_id = any(array(
      select i.place_id from place_period i
      where i.province = @province and i.period @> @boundary::date
        and case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
          when 'district' then i.district_id else i.province_id end = @within)))
),
registered as materialized (
  select row_number() over () as household, a.number, h.province, h.code
  from here a
  join household h on h.province = a.province and h.address_scheme = a.scheme and h.address_code = a.code
  where h.registered_on <= @day::date and (h.ended_on is null or h.ended_on > @day)
),
-- Of a household's visits the best tells its status; but for ineligible, which the latest has to say.
visited as (
  select r.household, r.number, r.province, r.code, min(case when v.outcome = 'guided' then 1 when v.outcome = 'ineligible' then 2 when v.outcome is not null then 3 end) as best
  from registered r
  left join visit v on v.province = r.province and v.household_code = r.code and v.visited_on <= @day
  group by r.household, r.number, r.province, r.code
),
-- Of several households the most reached.
reached as (
  select h.number, min(case
    when h.best = 1 then 1
    when h.best is null then 3
    when h.best = 2 and (
      select v.outcome = 'ineligible'
      from visit v
      where v.province = h.province and v.household_code = h.code and v.visited_on <= @day
      order by v.visited_on desc, v.code desc
      limit 1) then 4
    else 2 end) as status
  from visited h
  group by h.number
),
told as materialized (
  select a.*, coalesce(r.status, case when a.kind = 'household' then 5 end) as status
  from here a
  left join reached r on r.number = a.number
)
select (
    select st_asmvt(f, 'addresses', 4096, 'geom')
    from (
      select st_makepoint(px, py) as geom,
        translate(rtrim(encode(convert_to(concat_ws(':', 'address', province, scheme, code), 'UTF8'), 'base64'), '='), E'+/\n', '-_') as id,
        province, scheme, code, kind, (array['GUIDED', 'ATTEMPTED', 'NOT_VISITED', 'INELIGIBLE', 'UNKNOWN'])[status] as status
      from told
      where (select count(*) from here) <= @most::int
      order by scheme, code, province
    ) f
  ) || (
    select st_asmvt(f, 'address_bins', 4096, 'geom')
    from (
      select st_makepoint(sum(px) / count(*), sum(py) / count(*)) as geom, count(*)::int as addresses,
        count(*) filter (where status = 1)::int as guided, count(*) filter (where status = 2)::int as attempted,
        count(*) filter (where status = 3)::int as "notVisited", count(*) filter (where status = 4)::int as ineligible,
        count(*) filter (where status = 5)::int as unknown, count(*) filter (where status is null)::int as other
      from told
      where (select count(*) from here) > @most
      group by px / 64, py / 64
      order by px / 64, py / 64
    ) f
  ) as tile, (select count(*)::int from here) as addresses
