-- part: from wanted (province, level, day) to the teams active on those days, each with the unit of those levels that it serves or that holds what it serves
team_unit as (
  select distinct l.province, l.day, t.team_code, t.kind, case l.level when 'hamlet' then t.hamlet_id when 'commune' then t.commune_id
      when 'district' then t.district_id else t.province_id end as unit_id
  from (select distinct province, level, day from wanted) l
  join team_period t on t.province = l.province and t.period @> l.day
)
