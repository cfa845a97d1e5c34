-- A unit is its own heir while it is valid; then the smallest unit that holds the heirs of all whom its people went to (nobody's: whom its land went to; unsaid: the same code, level and name that goes on).
with next as (
  select f.id as unit_id, t.id as next_id, s.extent = 'area_only' as land
  from unit f
  join succession s on s.province = @province and s.from_level = f.level and s.from_code = f.code and s.effective_on = upper(f.valid)
  join unit t on t.province = @province and t.level = s.to_level and t.code = s.to_code and t.valid @> s.effective_on
  where f.province = @province
), people as (
  select unit_id, next_id from next where not land
  union
  select unit_id, next_id from next n where land and not exists (select from next p where p.unit_id = n.unit_id and not p.land)
  union
  select f.id, t.id
  from unit f join unit t on t.province = @province and t.level = f.level and t.code = f.code and t.name_fold = f.name_fold and lower(t.valid) = upper(f.valid)
  where f.province = @province and not exists (select from next n where n.unit_id = f.id)
), day as ( -- no chain and no heir changes between these
  select distinct d.day
  from (select period from unit_period where province = @province union all select period from unit_heir where province = @province) p
  cross join lateral (values (lower(p.period)), (upper(p.period))) d (day) where d.day is not null
), expected as (
  select u.id, d.day, case when u.valid @> d.day then u.id else (
    -- By induction: those whom they went to have their heirs already. One of them gone nowhere: nobody holds them all.
    select coalesce(
      case when count(c.hamlet_id) = count(*) and min(c.hamlet_id) = max(c.hamlet_id) then min(c.hamlet_id) end,
      case when count(c.commune_id) = count(*) and min(c.commune_id) = max(c.commune_id) then min(c.commune_id) end,
      case when count(c.district_id) = count(*) and min(c.district_id) = max(c.district_id) then min(c.district_id) end,
      case when count(c.province_id) = count(*) and min(c.province_id) = max(c.province_id) then min(c.province_id) end)
    from people n
    left join unit_heir h on h.province = @province and h.unit_id = n.next_id and h.period @> d.day
    left join unit_period c on c.province = @province and c.unit_id = h.heir_id and c.period @> d.day
    where n.unit_id = u.id) end as heir_id
  from unit u join day d on d.day >= lower(u.valid)
  where u.province = @province
)
select format('unit %s on %s: heir %s, should be %s', e.id, e.day, h.heir_id, e.heir_id)
from expected e
left join unit_heir h on h.province = @province and h.unit_id = e.id and h.period @> e.day
where h.heir_id is distinct from e.heir_id
union all
select 'unit ' || h.unit_id || ' has heir ' || h.heir_id || ' on ' || h.period || ', before it is valid or when that is not' from unit_heir h
where h.province = @province and (not exists (select from unit u where u.province = @province and u.id = h.heir_id and u.valid @> h.period)
  or not exists (select from unit u where u.province = @province and u.id = h.unit_id and lower(h.period) >= lower(u.valid)))
union all
select 'unit ' || a.unit_id || ' has two heirs on ' || (a.period * b.period) from unit_heir a
join unit_heir b on b.province = @province and b.unit_id = a.unit_id and b.period && a.period and b.period > a.period
where a.province = @province
