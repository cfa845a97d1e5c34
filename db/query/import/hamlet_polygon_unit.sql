-- Gives the hamlets of every time that were looked at what was derived for them; those that no address supports any more have none.
update unit u set polygon_id = d.polygon_id, derived_support = d.support
from (
  select m.unit_id, p.id as polygon_id, h.support
  from unnest(@members::bigint[], @targets::bigint[]) m (unit_id, target)
  left join hamlet_polygon h on h.target = m.target
  left join polygon p on p.province = @province and p.digest = h.digest
) d
where u.province = @province and u.id = d.unit_id and (u.polygon_id, u.derived_support) is distinct from (d.polygon_id, d.support)
