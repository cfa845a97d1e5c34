-- The households whose facts change: new and changed rows, those that move, and those whose visits or adoptions change.
create temporary table touched_household on commit drop as
select code from change_household
union
select code from household_place where old_place_id <> place_id
union
select household_code from change_visit
union
select v.household_code from visit v join change_visit c using (code) where v.province = @province and not c.is_new
union
select household_code from change_adoption
