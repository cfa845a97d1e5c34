-- The households to which the changed visits were before.
insert into touched_household
select distinct v.household_code from visit v join change_visit c using (code)
where v.province = @province and not c.is_new and not exists (select from touched_household t where t.code = v.household_code)
