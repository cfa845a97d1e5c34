-- part: from wanted (asked, province, unit_id, level, code, valid, day, boundary) and place_figure to the coverage of each asked, but for its last visit; @carried are reported figures on other boundaries (carried_of_unit), null: none
register as (
  select asked, sum(guided)::int as guided, sum(attempted)::int as attempted, sum(not_visited)::int as not_visited,
    sum(ineligible)::int as ineligible, sum(addresses)::int as addresses, sum(addresses - occupied)::int as unknown
  from place_figure
  where asked is not null
  group by asked
),
-- include: team_unit
,
active_team as materialized (
  select w.asked, w.day, t.province, t.team_code
  from team_unit t
  join wanted w on w.province = t.province and w.unit_id = t.unit_id and w.day = t.day and w.boundary = t.boundary
  where t.kind = 'cnscd'
),
staff as (
  select t.asked, count(*)::int as teams, sum(m.members)::int as members
  from active_team t
  cross join lateral (
    select count(*) as members from member m where m.province = t.province and m.team_code = t.team_code and m.joined @> t.day
  ) m
  group by t.asked
),
carried as materialized (
  select *
  from jsonb_to_recordset(@carried::jsonb) as c (province text, unit_id bigint, day date, boundary date, guided int, share float8, apportioned float8, parts int, note text)
),
counted as (
  select w.asked, coalesce(g.guided, 0) as guided, coalesce(g.attempted, 0) as attempted, coalesce(g.not_visited, 0) as not_visited,
    coalesce(g.ineligible, 0) as ineligible, coalesce(g.addresses, 0) as addresses, coalesce(g.unknown, 0) as unknown,
    coalesce(g.guided + g.attempted + g.not_visited, 0) as reachable,
    coalesce(g.guided + g.attempted + g.not_visited + g.ineligible, 0) as households,
    coalesce(s.teams, 0) as teams, coalesce(s.members, 0) as members, case when c.parts > 0 then c.guided else r.value end as reported, -- where parts are known but not what is in them, the unit's own report is one part's
    case when c.parts > 0 then c.share else r.share end as reported_share, c.apportioned, c.note
  from wanted w
  left join register g on g.asked = w.asked
  left join staff s on s.asked = w.asked
  left join carried c on c.province = w.province and c.unit_id = w.unit_id and c.day = w.day and c.boundary = w.boundary
  left join lateral (
    select r.value, r.share
    from report r
    where coalesce(g.guided + g.attempted + g.not_visited + g.ineligible, 0) = 0
      and r.province = w.province and r.level = w.level and r.unit_code = w.code and r.measure = 'households_guided'
      and r.as_of <= w.day and w.valid @> r.as_of
    order by r.as_of desc, r.source
    limit 1
  ) r on true
),
figure as materialized (
  select asked, households, reachable, addresses, teams, members,
    case when households > 0 then 'REGISTER' when reported is not null then 'REPORT' else 'NONE' end as basis,
    case when households > 0 then guided else round(reported)::int end as guided,
    case when households > 0 then attempted end as attempted,
    case when households > 0 then not_visited end as not_visited,
    case when households > 0 then ineligible end as ineligible,
    case when households > 0 then unknown else addresses end as unknown,
    case when households > 0 then guided::float8 / nullif(reachable, 0) else reported_share end as share,
    case when households > 0 then guided::float8 / nullif(reachable + unknown, 0) end as share_low,
    case when households > 0 then (guided + unknown)::float8 / nullif(reachable + unknown, 0) end as share_high,
    case when households > 0 then attempted + not_visited + unknown when reported is null then nullif(addresses, 0) end as gap_households,
    case when households > 0 then reachable::float8 / nullif(members, 0) end as households_per_member,
    case when households = 0 then apportioned end as apportioned, case when households = 0 and (reported is null or apportioned is not null) then note end as note
  from counted
)
