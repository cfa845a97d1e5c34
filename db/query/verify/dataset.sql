-- Every row of every table belongs to a province that has been imported.
select t.name || ' has rows of province ' || t.province
from (
  select 'address' as name, province from address union select 'adoption', province from adoption union select 'challenge', province from challenge
  union select 'challenge_event', province from challenge_event union select 'correction', province from correction
  union select 'designation', province from designation union select 'erased', province from erased union select 'household', province from household union select 'member', province from member
  union select 'place', province from place union select 'place_cell', province from place_cell union select 'place_day', province from place_day union select 'place_month', province from place_month
  union select 'place_period', province from place_period union select 'place_service_day', province from place_service_day
  union select 'place_service_month', province from place_service_month union select 'place_visit', province from place_visit
  union select 'polygon', province from polygon union select 'polygon_cover', province from polygon_cover
  union select 'polygon_hole', province from polygon_hole union select 'polygon_overlap', province from polygon_overlap
  union select 'polygon_shape', province from polygon_shape union select 'remoteness', province from remoteness
  union select 'published', province from published union select 'published_day', province from published_day union select 'change', province from change union select 'change_day', province from change_day
  union select 'report', province from report union select 'service', province from service union select 'service_point', province from service_point
  union select 'snapshot', province from snapshot union select 'snapshot_unit', province from snapshot_unit
  union select 'succession', province from succession union select 'target', province from target union select 'team', province from team
  union select 'team_period', province from team_period union select 'team_service', province from team_service
  union select 'unit', province from unit union select 'unit_heir', province from unit_heir union select 'unit_origin', province from unit_origin
  union select 'unit_period', province from unit_period union select 'visit', province from visit
) t
where @province in ('', (select min(province) from dataset)) -- once for all provinces
  and not exists (select from dataset d where d.province = t.province)
