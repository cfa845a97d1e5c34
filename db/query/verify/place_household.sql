-- Every household is in the place of its address; where no commune covers that on every day, also of what it declares.
select 'household ' || h.code
from household h
left join address a on a.province = @province and a.scheme = h.address_scheme and a.code = h.address_code
left join place pa on pa.province = @province and pa.id = a.place_id
left join place p on p.province = @province and p.id = h.place_id
left join unit uh on uh.province = @province and uh.level = 'hamlet' and uh.code = h.hamlet_code and uh.valid @> h.registered_on
left join unit uc on uc.province = @province and uc.level = 'commune' and uc.code = h.commune_code and uc.valid @> h.registered_on
where h.province = @province and (p.id is null or case when pa.complete then p.id <> pa.id
  else p.covers <> coalesce(pa.covers, '{}') or p.declared <> coalesce(uh.id, uc.id, 0) end)
