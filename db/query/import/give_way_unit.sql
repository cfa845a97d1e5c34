-- Gives them to their hamlets; one that is covered whole has none any more.
update unit u set polygon_id = p.id, derived_support = case when p.id is not null then u.derived_support end
from give_way g
left join polygon p on p.province = @province and p.digest = md5(ST_AsEWKB(ST_Normalize(g.geometry)))::uuid
where u.province = @province and u.id = g.unit_id
