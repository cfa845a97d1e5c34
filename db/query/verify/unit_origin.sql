-- What belongs to a unit belonged, before the unit began, to one unit that was valid then; the only one that goes on in it is known.
select 'unit ' || o.unit_id || ' comes from ' || o.origin_id || ' on ' || o.period from unit_origin o
join unit w on w.province = @province and w.id = o.unit_id
where o.province = @province and (not o.period << w.valid
  or not exists (select from unit u where u.province = @province and u.id = o.origin_id and u.valid @> o.period))
union all
select 'unit ' || a.unit_id || ' comes from two on ' || (a.period * b.period) from unit_origin a
join unit_origin b on b.province = @province and b.unit_id = a.unit_id and b.period && a.period and b.period > a.period
where a.province = @province
union all
select 'unit ' || h.unit_id || ' became ' || h.heir_id || ' on ' || lower(h.period) || ', which does not know of it'
from unit_heir h
join unit f on f.province = @province and f.id = h.unit_id and upper(f.valid) = lower(h.period)
join unit t on t.province = @province and t.id = h.heir_id and t.level = f.level and t.code = f.code and t.name_fold = f.name_fold and lower(t.valid) = lower(h.period)
where h.province = @province
  and not exists (select from succession s where s.province = @province and s.to_level = t.level and s.to_code = t.code and s.effective_on = lower(t.valid)
    and (s.from_level, s.from_code) <> (f.level, f.code))
  and not exists (select from unit_origin o where o.province = @province and o.unit_id = t.id and o.period @> lower(t.valid) - 1)
