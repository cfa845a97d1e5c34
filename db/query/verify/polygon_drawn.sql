-- Every unit is drawn with its own polygon; only a commune without one is drawn as the union of its hamlets.
select level || ' ' || code || ' valid ' || valid from unit u
where u.province = @province and (
  (polygon_id is not null and drawn_id is distinct from polygon_id)
  or (polygon_id is null and drawn_id is not null and level <> 'commune')
  or (drawn_id is not null and not exists (select from polygon p where p.province = @province and p.id = u.drawn_id)))
