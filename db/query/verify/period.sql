-- No period ends before it begins, and no household or adoption ends before it begins.
select 'household ' || code from household where province = @province and ended_on < registered_on
union all select 'adoption ' || household_code || '/' || service_code from adoption where province = @province and ended_on < adopted_on
union all select 'unit ' || level || ' ' || code from unit where province = @province and (isempty(valid) or lower_inf(valid))
union all select 'units ' || a.level || ' ' || a.code || ' overlap in time' from unit a join unit b
  on b.province = @province and b.level = a.level and b.code = a.code and b.id > a.id and b.valid && a.valid where a.province = @province
