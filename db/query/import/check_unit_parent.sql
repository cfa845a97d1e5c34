-- Rejects staged units whose parent is no unit of this bundle or of the store on the day they begin, or is not above them.
insert into rejected (file, line, col, value, code, message)
select s.file, s.line, 'parent_code', s.parent_code, 'reference',
       case when s.parent_level is null or s.parent_code is null then 'parent_level and parent_code name a parent together; give both, or neither'
            when not above then format('a %s can not be the parent of a %s; name a unit above it', s.parent_level, s.level)
            else format('no %s %s is valid on %s; correct it, or add that unit to units', s.parent_level, s.parent_code, s.valid_from) end
from (select s.*, array_position('{province,district,commune,hamlet}', s.parent_level) < array_position('{province,district,commune,hamlet}', s.level) as above
      from stage_units s where s.parent_level is not null or s.parent_code is not null) s
where s.parent_level is null or s.parent_code is null or not above
   or not (exists (select from stage_units p where p.level = s.parent_level and p.code = s.parent_code
                                             and daterange(p.valid_from, p.valid_to) @> s.valid_from)
        or exists (select from unit u where u.province = @province and u.level = s.parent_level and u.code = s.parent_code and u.valid @> s.valid_from
                   and not exists (select from stage_units r where r.level = u.level and r.code = u.code and r.valid_from = lower(u.valid))))
