-- Answers a page of the hamlets that the teams do not reach on a day and why, by priority; households, metres, months.
-- needs: decisions
with
-- include: figure_of_scope
,
-- include: last_visit_of_unit
,
candidate as (
  select w.province, w.unit_id, f.*, v.visited_on as last_visit_on,
    r.index, r.remote, r.service_distance_metres, r.team_distance_metres, r.addresses_per_km2, r.designated, r.computed_at,
    f.gap_households * (1 + coalesce(r.index, 0)) as priority, w.code,
-- include: gap_reason
    as reasons
  from wanted w
  join figure f on f.asked = w.asked
  left join last_visit v on v.asked = w.asked
  left join remoteness r on r.province = w.province and r.unit_id = w.unit_id
  where f.gap_households >= @min_gap_households::int
    and (not @remote_only::boolean or r.remote)
    and (@west::float8 is null or exists (
      select from polygon b
      where b.province = w.province and b.id = w.drawn_id
        and st_intersects(b.geometry, st_makeenvelope(@west, @south::float8, @east::float8, @north::float8, 4326))))
),
gap as materialized (
  select * from candidate where reasons && @reasons::text[]
)
select 1 as asked, t.total,
-- include: unit_column
  , g.basis, g.guided, g.attempted, g.not_visited, g.ineligible, g.unknown, g.share, g.share_low, g.share_high, g.gap_households,
  g.addresses, g.teams, g.members, g.households_per_member, g.last_visit_on, g.apportioned, g.note,
  g.index, g.remote, g.service_distance_metres, g.team_distance_metres, g.addresses_per_km2, g.designated, g.computed_at,
  g.priority, g.reasons
from (select count(*) as total from gap) t
left join lateral (
  select * from gap
  where priority < @after_priority::float8
    or (priority = @after_priority and (code, province) > (@after_code::text, @after_province::text))
  order by priority desc, code, province
  limit @take
) g on true
left join unit u on u.province = g.province and u.id = g.unit_id
order by g.priority desc, g.code, g.province
