-- Every team has the base its row says, and serves, on each day on which it is active, its own unit and those of team_service, or what became of them.
with served as (
  select code as team_code, kind, true as own, unit_id, active as period from team where province = @province
  union all
  select t.code, t.kind, false, u.id, t.active * s.served
  from team_service s
  join team t on t.province = @province and t.code = s.team_code
  join unit u on u.province = @province and u.level = s.level and u.code = s.unit_code and u.valid @> s.from_on
  where s.province = @province
), spell as (
  select team_code, period from served
  union select team_code, period from team_period where province = @province
  union select s.team_code, h.period from served s join unit_heir h on h.province = @province and h.unit_id = s.unit_id
  union select s.team_code, c.period from served s join unit_heir h on h.province = @province and h.unit_id = s.unit_id
    join unit_period c on c.province = @province and c.unit_id = h.heir_id
), day as ( -- nothing changes for the team between these
  select team_code, lower(period) as day from spell where not lower_inf(period)
  union select team_code, upper(period) from spell where not upper_inf(period)
), plain as (
  select d.day, s.team_code, s.kind, s.own, h.heir_id as unit_id, c.province_id, c.district_id, c.commune_id, c.hamlet_id
  from served s
  join day d on d.team_code = s.team_code and s.period @> d.day
  join unit_heir h on h.province = @province and h.unit_id = s.unit_id and h.period @> d.day
  join unit_period c on c.province = @province and c.unit_id = h.heir_id and c.period @> d.day
), stored as (
  select d.day, p.team_code, p.kind, p.own, p.unit_id, p.province_id, p.district_id, p.commune_id, p.hamlet_id
  from team_period p
  join day d on d.team_code = p.team_code and p.period @> d.day
  where p.province = @province
)
select 'team ' || t.code || ': base' from team t
join unit u on u.province = @province and u.id = t.unit_id left join polygon p on p.province = @province and p.id = u.drawn_id
where t.province = @province and t.base is distinct from coalesce(t.position, p.label)
union all
select 'team ' || team_code || ' on ' || day || ': should serve unit ' || unit_id from (table plain except all table stored) missing
union all
select 'team ' || team_code || ' on ' || day || ': should not serve unit ' || unit_id from (table stored except all table plain) wrong
