-- Lets an open challenge say what who opened it says now.
update challenge set other_scheme = @other_scheme::text, other_code = @other_code::text, team_code = @team::text, day = @day::date, evidence = @evidence::text,
  point = st_setsrid(st_makepoint(@longitude::float8, @latitude::float8), 4326)
where province = @province and id = @id::bigint
