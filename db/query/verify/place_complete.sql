-- A place is complete where a commune (one without a polygon: a hamlet of it) covers it on every day from the first commune on.
select 'place ' || p.id || case when p.complete then ' is not complete' else ' is complete' end
from place p
cross join (select daterange(min(lower(valid)), null) as period from unit where province = @province and level = 'commune') always
cross join lateral (
  select range_agg(c.period) as period
  from unit u
  join unit_period c on c.province = @province and c.unit_id = u.id and c.commune_id is not null
  join unit m on m.province = @province and m.id = c.commune_id
  where u.province = @province and u.polygon_id = any(p.covers) and (u.level = 'commune' or (u.level = 'hamlet' and m.polygon_id is null))
) covered
where p.province = @province and p.complete <> coalesce(covered.period @> always.period, false)
