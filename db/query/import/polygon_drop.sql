-- Drops the polygons that no unit has any more.
delete from polygon p where p.province = @province
  and not exists (select from unit u where u.province = @province and u.polygon_id = p.id)
  and not exists (select from unit u where u.province = @province and u.drawn_id = p.id)
