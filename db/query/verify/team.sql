-- Every team has the base its row says, and serves its own unit and those of team_service on the days on which it is active.
select 'team ' || t.code || ': base' from team t
join unit u on u.province = @province and u.id = t.unit_id left join polygon p on p.province = @province and p.id = u.drawn_id
where t.province = @province and t.base is distinct from coalesce(t.position, p.label)
union all
select 'team ' || t.code || ' on ' || d.day || ': serves its own unit wrongly'
from team t join unit u on u.province = @province and u.id = t.unit_id
cross join lateral (select unnest(@days::date[]) as day) d
where t.province = @province and u.valid @> d.day
  and (t.active @> d.day) <> exists (select from team_period s where s.province = @province and s.team_code = t.code and s.own and s.unit_id = u.id and s.period @> d.day)
union all
select 'team ' || s.team_code || ' on ' || d.day || ': serves ' || s.unit_code || ' wrongly'
from team_service s join team t on t.province = @province and t.code = s.team_code
join unit u on u.province = @province and u.level = s.level and u.code = s.unit_code and u.valid @> s.from_on
cross join lateral (select unnest(@days::date[]) as day) d
where s.province = @province and u.valid @> d.day and t.active @> d.day and s.served @> d.day
  and not exists (select from team_period p where p.province = @province and p.team_code = t.code and not p.own and p.unit_id = u.id and p.period @> d.day)
union all
select 'team ' || s.team_code || ' serves while it is not active' from team_period s join team t on t.province = @province and t.code = s.team_code
where s.province = @province and not t.active @> s.period
