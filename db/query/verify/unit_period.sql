-- The chain above a unit covers exactly its validity, and each link is the unit of that level and code valid on those days.
select u.level || ' ' || u.code || ': chain covers ' || coalesce(range_agg(c.period)::text, 'nothing') || ', valid ' || u.valid
from unit u left join unit_period c on c.province = @province and c.unit_id = u.id
where u.province = @province
group by u.id, u.level, u.code, u.valid
having range_agg(c.period) is distinct from datemultirange(u.valid)
union all
select u.level || ' ' || u.code || ' from ' || lower(c.period) || ': wrong parent'
from unit_period c join unit u on u.province = @province and u.id = c.unit_id
left join unit p on p.province = @province and p.level = u.parent_level and p.code = u.parent_code and p.valid @> lower(c.period)
where c.province = @province and (c.parent_id is distinct from p.id or not (p.id is null or p.valid @> c.period))
union all
select u.level || ' ' || u.code || ' from ' || lower(c.period) || ': its chain is not that of its parent'
from unit_period c join unit u on u.province = @province and u.id = c.unit_id
left join unit_period p on p.province = @province and p.unit_id = c.parent_id and p.period @> c.period
where c.province = @province and (
  c.province_id is distinct from case when u.level = 'province' then u.id else p.province_id end
  or c.district_id is distinct from case when u.level = 'district' then u.id else p.district_id end
  or c.commune_id is distinct from case when u.level = 'commune' then u.id else p.commune_id end
  or c.hamlet_id is distinct from case when u.level = 'hamlet' then u.id else p.hamlet_id end)
