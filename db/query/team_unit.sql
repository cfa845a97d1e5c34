-- part: from wanted (province, unit_id, level, day, boundary) to the teams active on those days, each with the units that it serves or that hold what it serves; on the boundaries of another day what it serves is whatever became of that, or whence that came, and only units of wanted are told
redrawn_day as materialized (
  select distinct province, day from wanted where boundary <> day
),
redrawn_team as materialized (
  select l.province, l.boundary, t.team_code, t.kind, t.period, case l.level when 'hamlet' then c.hamlet_id when 'commune' then c.commune_id
      when 'district' then c.district_id else c.province_id end as unit_id
  from (select distinct province, level, boundary from wanted where boundary <> day) l
  join team_period t on t.province = l.province and exists (select from redrawn_day d where d.province = t.province and t.period @> d.day)
  cross join lateral ( -- each by its index, once: what range holds a day can't be estimated, and the other ways are a hundred times slower
    select h.heir_id from unit_heir h where h.province = t.province and h.unit_id = t.unit_id and h.period @> l.boundary
    union all
    select o.origin_id from unit_origin o where o.province = t.province and o.unit_id = t.unit_id and o.period @> l.boundary
    limit 1
  ) h
  cross join lateral (
    select c.province_id, c.district_id, c.commune_id, c.hamlet_id
    from unit_period c
    where c.province = t.province and c.unit_id = h.heir_id and c.period @> l.boundary
    limit 1
  ) c
),
team_unit as (
  select l.province, l.day, l.boundary, t.team_code, t.kind, case l.level when 'hamlet' then t.hamlet_id when 'commune' then t.commune_id
      when 'district' then t.district_id else t.province_id end as unit_id
  from (select distinct province, level, day, boundary from wanted where boundary = day) l
  join team_period t on t.province = l.province and t.period @> l.day
  union
  select w.province, w.day, w.boundary, t.team_code, t.kind, w.unit_id
  from wanted w
  join redrawn_team t on t.province = w.province and t.unit_id = w.unit_id and t.boundary = w.boundary and t.period @> w.day
  where w.boundary <> w.day
)
