-- Touches the units that the changed reports are about, and those that have come of them or that they came of: reports are carried to these.
insert into touched_unit
with named as (
  select u.id from change_report c
  join unit u on u.province = @province and u.level = c.level and u.code = c.unit_code and u.valid @> c.as_of
)
select id from named
union
select h.heir_id from named n join unit_heir h on h.province = @province and h.unit_id = n.id
union
select o.origin_id from named n join unit_origin o on o.province = @province and o.unit_id = n.id
