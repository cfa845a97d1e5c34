-- A unit is its own heir while it is valid, and an heir is valid on the days on which it is one.
select u.level || ' ' || u.code || ' is not its own heir' from unit u
where u.province = @province and not exists (select from unit_heir h where h.province = @province and h.unit_id = u.id and h.heir_id = u.id and h.period @> u.valid)
union all
select 'unit ' || h.unit_id || ' has heir ' || h.heir_id || ' on ' || h.period from unit_heir h
where h.province = @province and not exists (select from unit u where u.province = @province and u.id = h.heir_id and u.valid @> h.period)
union all
select 'unit ' || a.unit_id || ' has two heirs on ' || (a.period * b.period) from unit_heir a
join unit_heir b on b.province = @province and b.unit_id = a.unit_id and b.period && a.period and b.period > a.period
where a.province = @province
