-- Rejects staged units whose validity overlaps that of another unit with the same level and code: one stored (and not
-- replaced by this bundle) or an earlier row. Of each level and code the first such row alone: without it the next may stand.
insert into rejected (file, line, col, value, code, message)
select distinct on (s.level, s.code) s.file, s.line, 'valid_from', s.valid_from::text, 'overlapping_validity',
       format('%s %s is already valid from %s%s; end that one (valid_to) on or before %s, or correct the dates', s.level, s.code, o.valid_from,
              coalesce(' to ' || o.valid_to, ''), s.valid_from)
from stage_units s
join lateral (
  select e.valid_from, e.valid_to from stage_units e
  where e.level = s.level and e.code = s.code and (e.valid_from, e.file, e.line) < (s.valid_from, s.file, s.line)
    and daterange(e.valid_from, e.valid_to) && daterange(s.valid_from, s.valid_to)
  union all
  select lower(u.valid), upper(u.valid) from unit u
  where u.province = @province and u.level = s.level and u.code = s.code and u.valid && daterange(s.valid_from, s.valid_to)
    and not exists (select from stage_units r where r.level = u.level and r.code = u.code and r.valid_from = lower(u.valid))
) o on true
order by s.level, s.code, s.valid_from, s.file, s.line, o.valid_from
