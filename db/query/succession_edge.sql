-- part: from the units asked for to wanted: what became of each (@forward), or whence it came, with the unit of the eve (unit_id) and of the day (to_id)
asked as (
  select *
  from unnest(@provinces::text[], @ids::bigint[]) with ordinality as a (province, id, asked)
),
edge as ( -- the unit of the eve and the unit of the day
  select a.asked, f.id as from_id, t.id as to_id, s.effective_on, s.extent, s.decision
  from asked a
  join unit f on f.province = a.province and f.id = a.id
  join succession s on s.province = a.province and s.from_level = f.level and s.from_code = f.code and f.valid @> s.effective_on - 1
  join unit t on t.province = a.province and t.level = s.to_level and t.code = s.to_code and t.valid @> s.effective_on
  where @forward::boolean
  union all
  select a.asked, f.id, t.id, s.effective_on, s.extent, s.decision
  from asked a
  join unit t on t.province = a.province and t.id = a.id
  join succession s on s.province = a.province and s.to_level = t.level and s.to_code = t.code and t.valid @> s.effective_on
  join unit f on f.province = a.province and f.level = s.from_level and f.code = s.from_code and f.valid @> s.effective_on - 1
  where not @forward
  union all
  select a.asked, f.id, t.id, lower(t.valid), 'whole', null -- without a word: the same code, level and name go on
  from asked a
  join unit o on o.province = a.province and o.id = a.id
  join unit f on f.province = a.province and f.level = o.level and f.code = o.code and f.name_fold = o.name_fold
  join unit t on t.province = a.province and t.level = o.level and t.code = o.code and t.name_fold = o.name_fold and lower(t.valid) = upper(f.valid)
  where case when @forward then f.id else t.id end = o.id and not exists (
    select from succession s
    where s.province = f.province and s.from_level = f.level and s.from_code = f.code and s.effective_on = upper(f.valid))
),
wanted as materialized (
  select row_number() over () as asked, e.asked as of_unit, a.province, f.id as unit_id, f.level, e.effective_on as day, e.effective_on - 1 as boundary,
    e.to_id, t.level as to_level, e.extent, e.decision,
    row_number() over (partition by e.asked, e.from_id, e.to_id, e.effective_on order by e.extent = 'area_only', e.extent) = 1 as counts -- once a pair, not with its land
  from edge e
  join asked a on a.asked = e.asked
  join unit f on f.province = a.province and f.id = e.from_id
  join unit t on t.province = a.province and t.id = e.to_id
)
