-- Touches the units of the touched teams and those they serve, with what has come of these and what they came of: a day's teams are asked for on the
-- boundaries of other days too. Said before the periods are written anew and after.
insert into touched_unit
with served as (
  select unit_id from team where province = @province and code in (select team_code from touched_team)
  union
  select unit_id from team_period where province = @province and team_code in (select team_code from touched_team)
)
select unit_id from served
union
select h.heir_id from served s join unit_heir h on h.province = @province and h.unit_id = s.unit_id
union
select o.origin_id from served s join unit_origin o on o.province = @province and o.unit_id = s.unit_id
