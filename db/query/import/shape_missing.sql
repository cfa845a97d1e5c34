-- Whether a polygon has no shapes yet, or shapes have no polygon any more.
select exists (select from polygon p where p.province = @province
               and not exists (select from polygon_shape s where s.province = @province and s.polygon_id = p.id))
    or exists (select from polygon_shape s where s.province = @province
               and not exists (select from polygon p where p.province = @province and p.id = s.polygon_id))
