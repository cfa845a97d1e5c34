-- Touches the teams of which the units served have changed.
insert into touched_team select team_code from change_team_service
