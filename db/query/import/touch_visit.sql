-- Touches the teams of the changed visits, and those that had them before.
insert into touched_team
select team_code from change_visit
union
select v.team_code from visit v join change_visit c using (code) where v.province = @province and not c.is_new
