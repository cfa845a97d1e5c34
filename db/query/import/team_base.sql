-- Each team's base: its position, else the label point of its unit.
update team t set base = coalesce(t.position, p.label)
from unit u left join polygon p on p.province = @province and p.id = u.drawn_id
where t.province = @province and u.province = @province and u.id = t.unit_id and t.base is distinct from coalesce(t.position, p.label)
