-- Every snapshot that is remembered follows the one before up to the latest, and names the units it touched with all that these lie in.
select 'the latest snapshot remembered is ' || coalesce(max(s.number)::text, 'none') || ', but the data are at ' || d.snapshot
from dataset d left join snapshot s on s.province = @province
where d.province = @province
group by d.snapshot having max(s.number) is distinct from d.snapshot
union all
select 'snapshot ' || s.number || ' is remembered, but not ' || s.number - 1
from snapshot s
where s.province = @province and s.number > (select min(number) from snapshot where province = @province)
  and not exists (select from snapshot b where b.province = @province and b.number = s.number - 1)
union all
select 'snapshot ' || t.number || ' touched unit ' || t.unit_id || ', which is none, or is said to have touched any'
from snapshot_unit t
where t.province = @province
  and (not exists (select from unit u where u.province = @province and u.id = t.unit_id)
    or not exists (select from snapshot s where s.province = @province and s.number = t.number and s.complete))
union all
select 'snapshot ' || t.number || ' touched unit ' || t.unit_id || ', but not ' || e.unit_id || ', in which it lies'
from snapshot_unit t
join dataset d on d.province = @province and d.snapshot = t.number -- units may have moved since an earlier one
join unit_period c on c.province = @province and c.unit_id = t.unit_id
cross join lateral unnest(array[c.province_id, c.district_id, c.commune_id, c.hamlet_id]) as e (unit_id)
where t.province = @province and e.unit_id is not null
  and not exists (select from snapshot_unit s where s.province = @province and s.number = t.number and s.unit_id = e.unit_id)
