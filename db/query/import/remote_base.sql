-- The bases of the touched teams that count today: code, longitude, latitude.
select code, ST_X(base), ST_Y(base) from team
where province = @province and kind = 'cnscd' and active @> @today::date and base is not null and code in (select team_code from touched_team)
