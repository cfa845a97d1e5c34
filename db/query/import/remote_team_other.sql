-- The bases of the community digital technology teams active today that are not touched: longitude, latitude.
select ST_X(base), ST_Y(base) from team
where province = @province and kind = 'cnscd' and active @> @today::date and base is not null and code not in (select team_code from touched_team) order by code
