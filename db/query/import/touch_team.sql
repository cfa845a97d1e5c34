-- Touches the changed teams.
insert into touched_team select code from change_team
