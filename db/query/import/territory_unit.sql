-- The units of all times: id, level, code, folded name, full name, parent, first day, day after the last (days since 1970-01-01), polygon.
select id, level, code, name_fold, full_name, parent_level, parent_code, lower(valid) - date '1970-01-01', upper(valid) - date '1970-01-01', polygon_id
from unit where province = @province order by id
