-- Answers, for each pair of days and unit of the second (0: every unit of the level), the reported figures of the first day carried over to it, in households guided; what can't be carried, and why.
-- A reported figure goes whole to the one unit of its level that its unit became or came from; else to the units of the second day by the
-- share of its unit's household addresses in each: whole households by the largest remainder, then by code, so that they add up.
-- needs: aggregates
with pair as (
  select *
  from unnest(@provinces::text[], @levels::text[], @ids::bigint[], @days::date[], @boundaries::date[]) as p (province, level, unit_id, day, boundary)
),
source as materialized ( -- what units ever had ground in those asked, or pass to them or came from them: no others' figures are worked out
  with wanted as materialized (
    select row_number() over () as asked, p.*, p.boundary as day
    from (select distinct province, level, unit_id, boundary from pair where unit_id <> 0) p
  ),
-- include: spread_of_unit
  select p.province, p.level, p.boundary, case p.level when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
      when 'district' then i.district_id else i.province_id end as unit_id
  from spread s
  join wanted p on p.asked = s.asked
  join place_period i on i.province = s.province and i.place_id = s.place_id
  union
  select p.province, p.level, p.boundary, h.unit_id
  from wanted p
  join (
    select province, unit_id, period, heir_id from unit_heir
    union all
    select province, unit_id, period, origin_id from unit_origin
  ) h on h.province = p.province and h.heir_id = p.unit_id and h.period @> p.boundary
),
wanted as materialized (
  select row_number() over () as asked, p.province, u.id as unit_id, u.level, u.code, u.full_name, u.valid, p.day, p.day as boundary, p.boundary as onto
  from (select distinct province, level, day, boundary, unit_id = 0 as every from pair) p
  join unit u on u.province = p.province and u.level = p.level and u.valid @> p.day
  where p.every or (p.province, p.level, p.boundary, u.id) in (select s.province, s.level, s.boundary, s.unit_id from source s)
),
-- include: spread_of_unit
,
asked_place as materialized (
  select s.asked, s.province, s.place_id, s.day, p.addresses
  from spread s
  join place p on p.province = s.province and p.id = s.place_id
),
-- include: figure_of_place
,
-- include: figure_of_unit
,
kin as (
  select w.asked, u.id as unit_id, u.code, 1::bigint as addresses
  from wanted w
  join (
    select province, unit_id, period, heir_id from unit_heir
    union all
    select province, unit_id, period, origin_id from unit_origin
  ) h on h.province = w.province and h.unit_id = w.unit_id and h.period @> w.onto
  join unit u on u.province = h.province and u.id = h.heir_id and u.level = w.level
),
ground as (
  select w.asked, u.id as unit_id, u.code, sum(p.addresses) as addresses
  from asked_place p
  join wanted w on w.asked = p.asked
  join place_period i on i.province = p.province and i.place_id = p.place_id and i.period @> w.onto
  join unit u on u.province = w.province and u.id = case w.level when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
    when 'district' then i.district_id else i.province_id end
  where p.addresses > 0 and not exists (select from kin k where k.asked = p.asked)
  group by w.asked, u.id, u.code
),
way as (
  select *, sum(addresses) over (partition by asked)::bigint as whole
  from (select * from kin union all select asked, unit_id, code, addresses::bigint from ground) g
),
part as (
  select y.asked, y.unit_id, y.addresses::float8 / y.whole as weight, f.basis, f.share, f.guided as reported,
    f.guided::bigint * y.addresses / y.whole + case when row_number() over (partition by y.asked order by f.guided::bigint * y.addresses % y.whole desc, y.code, y.unit_id)
      <= f.guided - sum(f.guided::bigint * y.addresses / y.whole) over (partition by y.asked) then 1 else 0 end as guided
  from way y
  join figure f on f.asked = y.asked
),
gathered as (
  select w.day, w.onto, t.unit_id, count(*) as parts, count(*) filter (where t.basis = 'REPORT') as reports, bool_or(t.basis = 'NONE') as missing,
    sum(t.guided) filter (where t.basis = 'REPORT') as guided, max(t.share) filter (where t.basis = 'REPORT') as share,
    sum(t.reported * t.weight) filter (where t.basis = 'REPORT') as carried, sum(t.reported) filter (where t.basis = 'REPORT') as reported,
    avg(t.weight) filter (where t.basis = 'REPORT') as weight,
    array_agg(w.full_name order by w.code) filter (where t.basis = 'NONE') as without,
    bool_and(w.unit_id = t.unit_id) as itself
  from part t
  join wanted w on w.asked = t.asked
  group by w.day, w.onto, t.unit_id
)
select p.province, u.id as unit_id, p.day, p.boundary,
  case when not g.missing then g.guided end::int as guided,
  case when not g.missing and g.reports = 1 then g.share end as share,
  case when not g.missing then case when g.reports > 1 and g.reported > 0 then g.carried / g.reported else g.weight end end as apportioned,
  coalesce(g.reports, 0)::int as reports, coalesce(g.parts, 0)::int as parts, coalesce(g.without, '{}') as without
from pair p
join unit u on u.province = p.province and u.level = p.level and u.valid @> p.boundary and p.unit_id in (0, u.id)
left join gathered g on g.unit_id = u.id and g.day = p.day and g.onto = p.boundary
where g.itself is distinct from true
