-- Opens a challenge, and answers its number.
insert into challenge (province, kind, address_scheme, address_code, household_code, other_scheme, other_code, team_code, day, evidence, point,
  status, opened_at, issuer, subject, system)
values (@province, @kind::text, @scheme::text, @address::text, @household::text, @other_scheme::text, @other_code::text, @team::text, @day::date, @evidence::text,
  st_setsrid(st_makepoint(@longitude::float8, @latitude::float8), 4326), 'open', @now::timestamptz, @issuer::text, @caller::text, @system::boolean)
returning id
