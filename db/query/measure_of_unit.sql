-- Answers what is on record of each unit on its day under the names of reported measures: teams, members, units and digital addresses, each in its own count.
-- What a province records nothing of at all is left out: it is unknown, not 0.
-- needs: aggregates
with wanted as materialized (
  select a.asked, a.province, u.id as unit_id, u.level, array_position(array['province', 'district', 'commune', 'hamlet'], u.level) as rank, a.day, a.day as boundary
  from unnest(@provinces::text[], @ids::bigint[], @days::date[]) with ordinality as a (province, id, day, asked)
  left join unit u on u.province = a.province and u.id = a.id -- left: the planner expects a row for each asked, not one in all
),
-- include: team_unit
,
active as materialized (
  select w.asked, t.province, t.team_code, t.kind, t.day, m.level
  from team_unit t
  join wanted w on w.province = t.province and w.unit_id = t.unit_id and w.day = t.day
  join team m on m.province = t.province and m.code = t.team_code
),
recorded as (
  select w.asked, w.rank, k.kind, k.word
  from wanted w
  cross join (values ('cnscd', 'teams'), ('de_an_06', 'task_forces')) as k (kind, word)
  where exists (select from team t where t.province = w.province and t.kind = k.kind)
),
served as ( -- a commune has the teams that are in it, not those that help out from beside it; a hamlet has those that serve it
  select w.asked, count(distinct t.commune_id) filter (where t.own) as communes, count(distinct t.hamlet_id) filter (where t.hamlet_id = t.unit_id) as hamlets
  from wanted w
  join team_period t on t.province = w.province and t.period @> w.day and t.kind = 'cnscd'
    and case w.level when 'hamlet' then t.hamlet_id when 'commune' then t.commune_id when 'district' then t.district_id else t.province_id end = w.unit_id
  group by w.asked
),
-- include: spread_of_unit
,
found (asked, measure, value) as (
  select r.asked, r.kind || '_' || r.word, count(a.team_code)
  from recorded r
  left join active a on a.asked = r.asked and a.kind = r.kind
  group by r.asked, r.kind, r.word
  union all
  select r.asked, r.kind || '_' || l.level || '_' || r.word, count(a.team_code)
  from recorded r
  cross join unnest(array['province', 'district', 'commune', 'hamlet']) with ordinality as l (level, rank)
  left join active a on a.asked = r.asked and a.kind = r.kind and a.level = l.level
  where (r.kind, l.level) <> ('de_an_06', 'province') -- the province's and its police's are one level, and reported apart
  group by r.asked, r.kind, r.word, l.level, l.rank, r.rank
  having l.rank >= r.rank or count(a.team_code) > 0
  union all
  select r.asked, 'cnscd_members', count(m.team_code)
  from recorded r
  join wanted w on w.asked = r.asked and exists (select from member m where m.province = w.province)
  left join active a on a.asked = r.asked and a.kind = 'cnscd'
  left join member m on m.province = a.province and m.team_code = a.team_code and m.joined @> a.day
  where r.kind = 'cnscd'
  group by r.asked
  union all
  select r.asked, s.measure, s.value
  from recorded r
  left join served v on v.asked = r.asked
  cross join lateral (values ('cnscd_communes', coalesce(v.communes, 0), 3), ('cnscd_hamlets', coalesce(v.hamlets, 0), 4)) as s (measure, value, rank)
  where r.kind = 'cnscd' and s.rank > r.rank
  union all
  select w.asked, b.level || 's', count(u.id)
  from wanted w
  cross join unnest(array['province', 'district', 'commune', 'hamlet']) with ordinality as b (level, rank)
  left join unit_period p on p.province = w.province and p.period @> w.day
    and case w.level when 'commune' then p.commune_id when 'district' then p.district_id else p.province_id end = w.unit_id
  left join unit u on u.province = p.province and u.id = p.unit_id and u.level = b.level
  where b.rank > w.rank
  group by w.asked, b.level
  union all
  select w.asked, 'digital_addresses', count(d.place_id)
  from wanted w
  left join spread s on s.asked = w.asked
  left join address d on d.province = s.province and d.place_id = s.place_id and d.scheme = 'dia_chi_so'
  where exists (select from address a where a.province = w.province and a.scheme = 'dia_chi_so')
  group by w.asked
)
select f.asked, f.measure, f.value::float8 as value
from found f
join wanted w on w.asked = f.asked
where w.unit_id is not null
order by f.asked, f.measure
