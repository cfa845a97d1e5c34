-- Remoteness follows its formula; for some hamlets the distances are measured anew by PostGIS, address by address.
select u.level || ' ' || u.code || ': index ' || coalesce(r.index::text, 'none')
from remoteness r join unit u on u.province = @province and u.id = r.unit_id
cross join lateral (
  -- least() passes a null over, so a term is left out before it is limited.
  select sum(w * abs(far - least(1, t))) / sum(w) as index
  from (values (0.5, 0, r.service_distance_metres / 10000), (0.3, 0, r.team_distance_metres / 5000), (0.2, 1, r.addresses_per_km2 / 100)) v (w, far, t)
  where t is not null
) f
where r.province = @province and (r.remote <> (coalesce(r.index >= 0.5, false) or r.designated) or (r.index is null and not r.designated)
  or (u.level = 'hamlet' and (abs(f.index - r.index) > 1e-9 or (f.index is null) <> (r.index is null))))
union all
select 'hamlet ' || s.code || format(': stored %s and %s m, measured %s and %s m', s.service_distance_metres, s.team_distance_metres, m.service, m.team)
from (
  select u.code, u.id, r.* from remoteness r join unit u on u.province = @province and u.id = r.unit_id
  where r.province = @province and u.level = 'hamlet' and u.valid @> @today::date and r.addresses > 0 order by md5(u.code) limit 4
) s
cross join lateral (
  select percentile_cont(0.5) within group (order by d.service) as service, percentile_cont(0.5) within group (order by d.team) as team
  from place_period t join address a on a.province = @province and a.place_id = t.place_id and a.kind = 'household'
  cross join lateral (
    select (select min(ST_Distance(a.position::geography, p.position::geography)) from service_point p where p.province = @province and p.kind = 'one_stop' and p.open @> @today::date) as service,
           (select min(ST_Distance(a.position::geography, p.base::geography)) from team p where p.province = @province and p.kind = 'cnscd' and p.active @> @today::date
              and ST_DWithin(a.position, p.base, s.team_distance_metres / 50000 + 0.2)) as team
  ) d
  where t.province = @province and t.hamlet_id = s.id and t.period @> @today::date
) m
where abs(m.service - s.service_distance_metres) > 0.001 or abs(m.team - s.team_distance_metres) > 0.001
   or (m.service is null) <> (s.service_distance_metres is null) or (m.team is null) <> (s.team_distance_metres is null)
