-- Every row of every table belongs to a province that has been imported.
select t.name || ' has rows of province ' || t.province
from (
  select 'unit' as name, province from unit union select 'address', province from address union select 'household', province from household
  union select 'visit', province from visit union select 'team', province from team union select 'place', province from place
  union select 'place_day', province from place_day union select 'polygon', province from polygon union select 'report', province from report
) t
where not exists (select from dataset d where d.province = t.province)
