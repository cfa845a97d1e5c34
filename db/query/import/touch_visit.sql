-- Touches the teams of the changed visits, those that had them before, and those that visited erased households.
insert into touched_team
select team_code from change_visit
union
select v.team_code from visit v join change_visit c using (code) where v.province = @province and not c.is_new
union
select v.team_code from visit v join erased_household e on e.code = v.household_code where v.province = @province
