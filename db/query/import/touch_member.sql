-- Touches the teams of the changed members, and those they were in before.
insert into touched_team
select team_code from change_member
union
select m.team_code from member m join change_member c using (code) where m.province = @province and not c.is_new
