-- The bases of the community digital technology teams active today: longitude, latitude.
select ST_X(base), ST_Y(base) from team
where province = @province and kind = 'cnscd' and active @> @today::date and base is not null order by code
