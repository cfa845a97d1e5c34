-- Touches the units that are drawn otherwise than before: a border that moves redraws both its sides.
insert into touched_unit
select u.id from unit u
where u.province = @province and u.drawn_id in (
  select s.polygon_id from polygon_shape s
  where s.province = @province
    and not exists (select from shape_before b where b.polygon_id = s.polygon_id and b.zoom = s.zoom and b.digest = md5(s.geojson)::uuid))
