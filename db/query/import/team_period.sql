-- Whom each team serves, by days, while it is active: its own unit and those of team_service, or what became of them; of the touched teams, or all.
insert into team_period (province, team_code, kind, own, period, unit_id, province_id, district_id, commune_id, hamlet_id)
select @province, s.code, s.kind, s.own, s.served * h.period * c.period, h.heir_id, c.province_id, c.district_id, c.commune_id, c.hamlet_id
from (
  select code, kind, true as own, active as served, unit_id from team where province = @province and (@all_teams or code in (select team_code from touched_team))
  union all
  select t.code, t.kind, false, t.active * s.served, u.id
  from team t
  join team_service s on s.province = @province and s.team_code = t.code
  join unit u on u.province = @province and u.level = s.level and u.code = s.unit_code and u.valid @> s.from_on
  where t.province = @province and (@all_teams or t.code in (select team_code from touched_team))
) s
join unit_heir h on h.province = @province and h.unit_id = s.unit_id
join unit_period c on c.province = @province and c.unit_id = h.heir_id
where not isempty(s.served * h.period * c.period)
