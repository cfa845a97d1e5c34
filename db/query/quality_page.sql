-- Answers a page of the cases of each kind of defect asked for, in a unit on a day, by province and identity; positions in degrees.
-- Each kind's cases are found before they are put in order: few are, and a plan that expects many sorts everything first.
-- needs: persons
with
-- include: quality_scope
(
with c as materialized (
-- include: quality_in_no_polygon
)
select 'in_no_polygon' as kind, c.*
from c
where 'in_no_polygon' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_declared_commune_elsewhere
)
select 'declared_commune_elsewhere' as kind, c.*
from c
where 'declared_commune_elsewhere' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_declared_hamlet_elsewhere
)
select 'declared_hamlet_elsewhere' as kind, c.*
from c
where 'declared_hamlet_elsewhere' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_no_address
)
select 'no_address' as kind, c.*
from c
where 'no_address' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_declared_unit_ended
)
select 'declared_unit_ended' as kind, c.*
from c
where 'declared_unit_ended' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_unregistered
)
select 'unregistered' as kind, c.*
from c
where 'unregistered' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_overlap
)
select 'overlap' as kind, c.*
from c
where 'overlap' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_hole
)
select 'hole' as kind, c.*
from c
where 'hole' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_same_name
)
select 'same_name' as kind, c.*
from c
where 'same_name' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_report_share_above_1
)
select 'report_share_above_1' as kind, c.*
from c
where 'report_share_above_1' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_uptake_above_1
)
select 'uptake_above_1' as kind, c.*
from c
where 'uptake_above_1' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_stale_report
)
select 'stale_report' as kind, c.*
from c
where 'stale_report' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_stale_dataset
)
select 'stale_dataset' as kind, c.*
from c
where 'stale_dataset' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_team_without_base
)
select 'team_without_base' as kind, c.*
from c
where 'team_without_base' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_team_without_members
)
select 'team_without_members' as kind, c.*
from c
where 'team_without_members' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_member_of_inactive_team
)
select 'member_of_inactive_team' as kind, c.*
from c
where 'member_of_inactive_team' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_adopted_before_visit
)
select 'adopted_before_visit' as kind, c.*
from c
where 'adopted_before_visit' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_visit_by_inactive_team
)
select 'visit_by_inactive_team' as kind, c.*
from c
where 'visit_by_inactive_team' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_visit_off_register
)
select 'visit_off_register' as kind, c.*
from c
where 'visit_off_register' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_challenge_open
)
select 'challenge_open' as kind, c.*
from c
where 'challenge_open' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_challenge_accepted
)
select 'challenge_accepted' as kind, c.*
from c
where 'challenge_accepted' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
union all
(
with c as materialized (
-- include: quality_challenge_rejected
)
select 'challenge_rejected' as kind, c.*
from c
where 'challenge_rejected' = any(@kinds::text[]) and (c.province, c.identity collate "C") > (@after_province::text, @after_identity::text)
order by c.province, c.identity collate "C"
limit @take
)
