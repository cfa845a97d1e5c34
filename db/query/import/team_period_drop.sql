-- Whom the teams serve is written anew.
delete from team_period where province = @province
