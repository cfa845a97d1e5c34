-- part: from wanted (province, level, day, boundary) to the teams active on those days, each with the unit of those levels and boundaries that it serves or that holds what it serves; on the boundaries of another day what it serves is whatever became of that, or whence that came
team_unit as (
  select l.province, l.day, l.boundary, t.team_code, t.kind, case l.level when 'hamlet' then t.hamlet_id when 'commune' then t.commune_id
      when 'district' then t.district_id else t.province_id end as unit_id
  from (select distinct province, level, day, boundary from wanted where boundary = day) l
  join team_period t on t.province = l.province and t.period @> l.day
  union
  select l.province, l.day, l.boundary, t.team_code, t.kind, case l.level when 'hamlet' then c.hamlet_id when 'commune' then c.commune_id
      when 'district' then c.district_id else c.province_id end
  from (select distinct province, level, day, boundary from wanted where boundary <> day) l
  join team_period t on t.province = l.province and t.period @> l.day
  join (
    select province, unit_id, period, heir_id from unit_heir
    union all
    select province, unit_id, period, origin_id from unit_origin
  ) h on h.province = t.province and h.unit_id = t.unit_id and h.period @> l.boundary
  join unit_period c on c.province = h.province and c.unit_id = h.heir_id and c.period @> l.boundary
)
