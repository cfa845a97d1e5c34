-- Whom the teams serve is written anew: the touched, or all.
delete from team_period where province = @province and (@all_teams or team_code in (select team_code from touched_team))
