-- Rejects staged units that say a geometry was derived, and have none, or are no hamlet, or name no address.
insert into rejected (file, line, col, value, code, message)
select file, line, 'derived_from', derived_from::text, 'bad_value',
       case when level <> 'hamlet' then format('only hamlets are derived from addresses; leave derived_from of a %s empty', level)
            when derived_from = 0 then 'a geometry that no address supports is none; leave it and derived_from empty'
            else 'derived_from says how many addresses support the geometry, and there is none; give it, or leave derived_from empty' end
from stage_units where derived_from is not null and (level <> 'hamlet' or derived_from = 0 or geometry is null)
