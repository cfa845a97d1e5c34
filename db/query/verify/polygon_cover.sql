-- Points are located in exactly the polygons of communes and hamlets.
select 'polygon ' || id || case when u.id is null then ' is no commune''s or hamlet''s' else ' is not among them' end
from (select id from polygon_cover where province = @province) c
full join (select distinct polygon_id as id from unit where province = @province and level in ('commune', 'hamlet') and polygon_id is not null) u using (id)
where c.id is null or u.id is null
