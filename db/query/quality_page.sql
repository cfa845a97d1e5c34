-- Answers a page of the cases of each kind of defect asked for, in a unit on a day, by province and identity; positions in degrees.
with
-- include: quality_scope
(
select 'in_no_polygon' as kind, c.*
from (
-- include: quality_in_no_polygon
) c
where 'in_no_polygon' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'declared_commune_elsewhere' as kind, c.*
from (
-- include: quality_declared_commune_elsewhere
) c
where 'declared_commune_elsewhere' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'declared_hamlet_elsewhere' as kind, c.*
from (
-- include: quality_declared_hamlet_elsewhere
) c
where 'declared_hamlet_elsewhere' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'no_address' as kind, c.*
from (
-- include: quality_no_address
) c
where 'no_address' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'declared_unit_ended' as kind, c.*
from (
-- include: quality_declared_unit_ended
) c
where 'declared_unit_ended' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'unregistered' as kind, c.*
from (
-- include: quality_unregistered
) c
where 'unregistered' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'overlap' as kind, c.*
from (
-- include: quality_overlap
) c
where 'overlap' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'hole' as kind, c.*
from (
-- include: quality_hole
) c
where 'hole' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'same_name' as kind, c.*
from (
-- include: quality_same_name
) c
where 'same_name' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'report_share_above_1' as kind, c.*
from (
-- include: quality_report_share_above_1
) c
where 'report_share_above_1' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'uptake_above_1' as kind, c.*
from (
-- include: quality_uptake_above_1
) c
where 'uptake_above_1' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'stale_report' as kind, c.*
from (
-- include: quality_stale_report
) c
where 'stale_report' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'stale_dataset' as kind, c.*
from (
-- include: quality_stale_dataset
) c
where 'stale_dataset' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'team_without_base' as kind, c.*
from (
-- include: quality_team_without_base
) c
where 'team_without_base' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'team_without_members' as kind, c.*
from (
-- include: quality_team_without_members
) c
where 'team_without_members' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'member_of_inactive_team' as kind, c.*
from (
-- include: quality_member_of_inactive_team
) c
where 'member_of_inactive_team' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'adopted_before_visit' as kind, c.*
from (
-- include: quality_adopted_before_visit
) c
where 'adopted_before_visit' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'visit_by_inactive_team' as kind, c.*
from (
-- include: quality_visit_by_inactive_team
) c
where 'visit_by_inactive_team' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
select 'visit_off_register' as kind, c.*
from (
-- include: quality_visit_off_register
) c
where 'visit_off_register' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
