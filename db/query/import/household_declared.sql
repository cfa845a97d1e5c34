-- For every household whose place is to be found: the place of its address and, where no commune covers that on every
-- day, the unit it declares (the hamlet, else the commune, as valid on the day of registration). Those are the new and
-- changed ones, those at addresses that moved, and all where units changed.
create temporary table household_declared on commit drop as
select h.code, h.old_place_id, p.id as address_place_id, coalesce(p.covers, '{}') as covers, coalesce(p.complete, false) as complete,
       case when p.complete then 0 else coalesce(uh.id, uc.id, 0) end as declared
from (
  select code, address_scheme, address_code, commune_code, hamlet_code, registered_on, null::bigint as old_place_id from change_household
  union all
  select h.code, h.address_scheme, h.address_code, h.commune_code, h.hamlet_code, h.registered_on, h.place_id from household h
  where @all and h.province = @province and not exists (select from change_household c where c.code = h.code)
  union all
  select h.code, h.address_scheme, h.address_code, h.commune_code, h.hamlet_code, h.registered_on, h.place_id
  from located l
  join household h on h.province = @province and h.address_scheme = l.scheme and h.address_code = l.code
  where not @all and not exists (select from change_household c where c.code = h.code)
) h
left join located l on l.scheme = h.address_scheme and l.code = h.address_code
left join address a on a.province = @province and a.scheme = h.address_scheme and a.code = h.address_code
left join place p on p.province = @province and p.id = coalesce(l.place_id, a.place_id)
left join unit uh on uh.province = @province and uh.level = 'hamlet' and uh.code = case when not coalesce(p.complete, false) then h.hamlet_code end and uh.valid @> h.registered_on
left join unit uc on uc.province = @province and uc.level = 'commune' and uc.code = case when not coalesce(p.complete, false) then h.commune_code end and uc.valid @> h.registered_on
