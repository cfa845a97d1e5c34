-- Whether any count changes on balance.
select exists (select from delta_day)
