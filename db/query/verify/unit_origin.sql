-- What belongs to a unit belonged, before the unit began, to the smallest unit that held all whom its people came from (nobody's: whom its land came from; unsaid: the same code, level and name that ended).
with before as (
  select t.id as unit_id, f.id as before_id, s.extent = 'area_only' as land
  from unit t
  join succession s on s.province = @province and s.to_level = t.level and s.to_code = t.code and s.effective_on = lower(t.valid)
  join unit f on f.province = @province and f.level = s.from_level and f.code = s.from_code and f.valid @> s.effective_on - 1
  where t.province = @province
  union all
  select t.id, f.id, false
  from unit t join unit f on f.province = @province and f.level = t.level and f.code = t.code and f.name_fold = t.name_fold and upper(f.valid) = lower(t.valid)
  where t.province = @province and not exists (
    select from succession s where s.province = @province and s.from_level = f.level and s.from_code = f.code and s.effective_on = upper(f.valid))
), people as (
  select distinct unit_id, before_id from before b where not land or not exists (select from before p where p.unit_id = b.unit_id and not p.land)
), day as ( -- no chain and no origin changes between these
  select distinct d.day
  from (select period from unit_period where province = @province union all select period from unit_origin where province = @province) p
  cross join lateral (values (lower(p.period)), (upper(p.period))) d (day) where d.day is not null
), expected as (
  -- By induction: those whom they came from have their origins already. Some came from nowhere: that says nothing.
  select n.unit_id, d.day, coalesce(
      case when count(c.hamlet_id) = count(c.unit_id) and min(c.hamlet_id) = max(c.hamlet_id) then min(c.hamlet_id) end,
      case when count(c.commune_id) = count(c.unit_id) and min(c.commune_id) = max(c.commune_id) then min(c.commune_id) end,
      case when count(c.district_id) = count(c.unit_id) and min(c.district_id) = max(c.district_id) then min(c.district_id) end,
      case when count(c.province_id) = count(c.unit_id) and min(c.province_id) = max(c.province_id) then min(c.province_id) end) as origin_id,
    -- One of several came itself from units that nothing held: from nowhere, or apart. It is not known which.
    count(*) > 1 and bool_or(c.unit_id is null and n.before_id in (select unit_id from people)) as unsure
  from people n
  join unit u on u.province = @province and u.id = n.unit_id
  join day d on d.day < lower(u.valid)
  join unit f on f.province = @province and f.id = n.before_id
  left join unit_origin o on o.province = @province and o.unit_id = f.id and o.period @> d.day
  left join unit_period c on c.province = @province and c.unit_id = case when f.valid @> d.day then f.id else o.origin_id end and c.period @> d.day
  group by n.unit_id, d.day
)
select format('unit %s on %s: origin %s, should be %s', unit_id, day, o.origin_id, e.origin_id)
from (
  select o.unit_id, d.day, o.origin_id from unit_origin o join day d on o.period @> d.day where o.province = @province
) o
full join expected e using (unit_id, day)
where o.origin_id is distinct from e.origin_id and not coalesce(e.unsure, false)
union all
select 'unit ' || o.unit_id || ' comes from ' || o.origin_id || ' on ' || o.period || ', when it is valid itself or that is not' from unit_origin o
join unit w on w.province = @province and w.id = o.unit_id
where o.province = @province and (not o.period << w.valid
  or not exists (select from unit u where u.province = @province and u.id = o.origin_id and u.valid @> o.period))
union all
select 'unit ' || a.unit_id || ' comes from two on ' || (a.period * b.period) from unit_origin a
join unit_origin b on b.province = @province and b.unit_id = a.unit_id and b.period && a.period and b.period > a.period
where a.province = @province
