-- Gives every unit the polygon that the map draws: its own, or for a commune without one the union of its hamlets.
update unit t set drawn_id = d.drawn_id
from (
  select u.id, coalesce(u.polygon_id, p.id) as drawn_id
  from unit u
  left join commune_union c on c.commune_id = u.id
  left join polygon p on p.province = @province and p.digest = c.digest
  where u.province = @province
) d
where t.province = @province and t.id = d.id and t.drawn_id is distinct from d.drawn_id
