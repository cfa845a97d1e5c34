-- Answers succession_of_unit without its figures, which are 0.
-- needs: published
with
-- include: succession_edge
select w.of_unit as asked, w.day as effective_on, w.extent, w.decision,
  0 as moved_households, 0 as moved_addresses,
-- include: unit_column
from wanted w
join unit u on u.province = w.province and u.id = case when @forward then w.to_id else w.unit_id end
where u.province = any(@provinces)
order by w.of_unit, w.day, array_position(array['province', 'district', 'commune', 'hamlet'], u.level), u.code, w.extent
