-- Touches the units in which the changed service points lie or lay.
insert into touched_unit
select u.id
from (
  select position from change_service_point
  union all
  select s.position from service_point s join change_service_point c using (code) where s.province = @province and not c.is_new
) s
join polygon p on p.province = @province and ST_Covers(p.geometry, s.position)
join unit u on u.province = @province and u.drawn_id = p.id
