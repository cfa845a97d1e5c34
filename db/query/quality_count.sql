-- Answers how many cases there are of each kind of defect asked for, in a unit on a day, and out of how many.
-- needs: decisions
with
-- include: quality_scope
select 'in_no_polygon' as kind, count(*) as count, (select count(*) from scope_place p join address a on a.province = p.province and a.place_id = p.place_id where p.commune_id is not null)
    + count(*) as out_of
from (
-- include: quality_in_no_polygon
) c
where 'in_no_polygon' = any(@kinds::text[])
having 'in_no_polygon' = any(@kinds)
union all
select 'declared_commune_elsewhere' as kind, count(*) as count, (
    select count(*)
    from scope_place p
    join address a on a.province = p.province and a.place_id = p.place_id
    join dataset s on s.province = a.province
    join place_period t on t.province = a.province and t.place_id = a.place_id and t.period @> coalesce(a.surveyed_on, s.as_of)
    where a.commune_code is not null and t.commune_id is not null) as out_of
from (
-- include: quality_declared_commune_elsewhere
) c
where 'declared_commune_elsewhere' = any(@kinds::text[])
having 'declared_commune_elsewhere' = any(@kinds)
union all
select 'declared_hamlet_elsewhere' as kind, count(*) as count, (
    select count(*)
    from scope_place p
    join address a on a.province = p.province and a.place_id = p.place_id
    join dataset s on s.province = a.province
    join place_period t on t.province = a.province and t.place_id = a.place_id and t.period @> coalesce(a.surveyed_on, s.as_of)
    where a.hamlet_code is not null and t.hamlet_id is not null) as out_of
from (
-- include: quality_declared_hamlet_elsewhere
) c
where 'declared_hamlet_elsewhere' = any(@kinds::text[])
having 'declared_hamlet_elsewhere' = any(@kinds)
union all
select 'no_address' as kind, count(*) as count,
  (select coalesce(sum(f.guided + f.attempted + f.not_visited + f.ineligible), 0) from place_figure f) as out_of
from (
-- include: quality_no_address
) c
where 'no_address' = any(@kinds::text[])
having 'no_address' = any(@kinds)
union all
select 'declared_unit_ended' as kind, count(*) as count, (
    select count(*)
    from scope_place p
    join household h on h.province = p.province and h.place_id = p.place_id
    where p.declared <> 0 and h.address_code is null and h.registered_on <= @day and (h.ended_on is null or h.ended_on > @day)) as out_of
from (
-- include: quality_declared_unit_ended
) c
where 'declared_unit_ended' = any(@kinds::text[])
having 'declared_unit_ended' = any(@kinds)
union all
select 'unregistered' as kind, coalesce(sum(f.addresses - f.occupied), 0) as count, coalesce(sum(f.addresses), 0) as out_of
from place_figure f
where 'unregistered' = any(@kinds::text[])
having 'unregistered' = any(@kinds)
union all
select 'overlap' as kind, count(*) as count, (select count(*) from scope_unit where polygon_id is not null) as out_of
from (
-- include: quality_overlap
) c
where 'overlap' = any(@kinds::text[])
having 'overlap' = any(@kinds)
union all
select 'hole' as kind, count(*) as count, (
    select count(*)
    from scope_unit u
    where u.polygon_id is not null and exists (
      select from unit_period i
      join unit c on c.province = i.province and c.id = i.unit_id
      where i.province = u.province and i.parent_id = u.unit_id and i.period @> @day and c.polygon_id is not null)) as out_of
from (
-- include: quality_hole
) c
where 'hole' = any(@kinds::text[])
having 'hole' = any(@kinds)
union all
select 'same_name' as kind, count(*) as count, (select count(*) from scope_unit where level = 'hamlet') as out_of
from (
-- include: quality_same_name
) c
where 'same_name' = any(@kinds::text[])
having 'same_name' = any(@kinds)
union all
select 'report_share_above_1' as kind, count(*) as count, (select count(share) from scope_report) as out_of
from (
-- include: quality_report_share_above_1
) c
where 'report_share_above_1' = any(@kinds::text[])
having 'report_share_above_1' = any(@kinds)
union all
select 'uptake_above_1' as kind, count(*) as count, (select count(*) from uptake_share) as out_of
from (
-- include: quality_uptake_above_1
) c
where 'uptake_above_1' = any(@kinds::text[])
having 'uptake_above_1' = any(@kinds)
union all
select 'stale_report' as kind, count(*) as count, (select count(*) from latest_report) as out_of
from (
-- include: quality_stale_report
) c
where 'stale_report' = any(@kinds::text[])
having 'stale_report' = any(@kinds)
union all
select 'stale_dataset' as kind, count(*) as count, (select count(*) from dataset s where @province in ('', s.province)) as out_of
from (
-- include: quality_stale_dataset
) c
where 'stale_dataset' = any(@kinds::text[])
having 'stale_dataset' = any(@kinds)
union all
select 'team_without_base' as kind, count(*) as count, (select count(*) from scope_team) as out_of
from (
-- include: quality_team_without_base
) c
where 'team_without_base' = any(@kinds::text[])
having 'team_without_base' = any(@kinds)
union all
select 'team_without_members' as kind, count(*) as count, (select count(*) from scope_team) as out_of
from (
-- include: quality_team_without_members
) c
where 'team_without_members' = any(@kinds::text[])
having 'team_without_members' = any(@kinds)
union all
select 'member_of_inactive_team' as kind, count(*) as count, (select count(*)
    from member m
    join team t on t.province = m.province and t.code = m.team_code
    left join unit_heir i on i.province = t.province and i.unit_id = t.unit_id and i.period @> @day
    where m.province = any(array(select s.province from dataset s where @province::text in ('', s.province))) and m.joined @> @day
      and (@within = 0 or (@within_level = 'province' and i.heir_id is null)
        or exists (select from scope_unit s where s.province = i.province and s.unit_id = i.heir_id))) as out_of
from (
-- include: quality_member_of_inactive_team
) c
where 'member_of_inactive_team' = any(@kinds::text[])
having 'member_of_inactive_team' = any(@kinds)
union all
select 'adopted_before_visit' as kind, count(*) as count, (
    select count(*)
    from scope_place p
    join household h on h.province = p.province and h.place_id = p.place_id
    join adoption a on a.province = h.province and a.household_code = h.code and a.adopted_on <= @day) as out_of
from (
-- include: quality_adopted_before_visit
) c
where 'adopted_before_visit' = any(@kinds::text[])
having 'adopted_before_visit' = any(@kinds)
union all
select 'visit_by_inactive_team' as kind, count(*) as count, (
    select count(*)
    from scope_place p
    join household h on h.province = p.province and h.place_id = p.place_id
    join visit v on v.province = h.province and v.household_code = h.code and v.visited_on <= @day) as out_of
from (
-- include: quality_visit_by_inactive_team
) c
where 'visit_by_inactive_team' = any(@kinds::text[])
having 'visit_by_inactive_team' = any(@kinds)
union all
select 'visit_off_register' as kind, count(*) as count, (
    select count(*)
    from scope_place p
    join household h on h.province = p.province and h.place_id = p.place_id
    join visit v on v.province = h.province and v.household_code = h.code and v.visited_on <= @day) as out_of
from (
-- include: quality_visit_off_register
) c
where 'visit_off_register' = any(@kinds::text[])
having 'visit_off_register' = any(@kinds)
union all
select 'challenge_open' as kind, count(*) as count, (select count(*) from scope_challenge) as out_of
from (
-- include: quality_challenge_open
) c
where 'challenge_open' = any(@kinds::text[])
having 'challenge_open' = any(@kinds)
union all
select 'challenge_accepted' as kind, count(*) as count, (select count(*) from scope_challenge where status <> 'open') as out_of
from (
-- include: quality_challenge_accepted
) c
where 'challenge_accepted' = any(@kinds::text[])
having 'challenge_accepted' = any(@kinds)
union all
select 'challenge_rejected' as kind, count(*) as count, (select count(*) from scope_challenge where status <> 'open') as out_of
from (
-- include: quality_challenge_rejected
) c
where 'challenge_rejected' = any(@kinds::text[])
having 'challenge_rejected' = any(@kinds)
