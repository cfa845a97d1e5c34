-- part: why the unit w (a row of wanted) is a gap, with its figure f, last_visit v and remoteness r; the reasons in their order
array_remove(array[
  case when f.teams = 0 then 'NO_TEAM' end,
  case when f.addresses > 0 and f.households = 0 then 'NOT_REGISTERED' end,
  case when f.households > 0 and v.visited_on is null then 'NEVER_VISITED' end,
  case when f.share < @target::float8 then 'BELOW_TARGET' end,
  case when r.team_distance_metres > @team_reach_metres::float8 then 'OUT_OF_REACH' end,
  case when f.households_per_member > @max_households_per_member::float8 then 'OVERLOADED' end,
  case when v.visited_on <= (w.day - make_interval(months => @stale_after_months::int))::date then 'STALE' end
], null)
