-- part: from wanted, register and figure to what is shown of published figures: no share of fewer published households than twice the base
shown as materialized (
  select f.asked, d.base, f.households, f.reachable, f.addresses, f.teams, f.members, f.basis, f.guided, f.attempted, f.not_visited, f.ineligible, coalesce(g.unknown, 0) as unknown,
    case when f.basis = 'NONE' then nullif(g.unknown, 0) else f.gap_households end as gap_households,
    case when e.enough then f.share end as share, case when e.enough then f.share_low end as share_low, case when e.enough then f.share_high end as share_high,
    case when e.enough then f.households_per_member end as households_per_member, e.enough
  from wanted w
  join figure f on f.asked = w.asked
  left join register g on g.asked = w.asked
  left join published_day d on d.province = w.province and d.day = w.day
  cross join lateral (select f.basis <> 'REGISTER' or f.reachable >= 2 * d.base as enough) e
)
