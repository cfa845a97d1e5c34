-- Remembers the polygons that points are located in, those of communes and hamlets, and answers their digest.
with gone as (
  delete from polygon_cover where province = @province
    and id not in (select polygon_id from unit where province = @province and level in ('commune', 'hamlet') and polygon_id is not null)
), come as (
  insert into polygon_cover (province, id)
  select distinct province, polygon_id from unit where province = @province and level in ('commune', 'hamlet') and polygon_id is not null
  on conflict do nothing
)
select coalesce(md5(string_agg(id::text, ',' order by id)), '') from (
  select distinct polygon_id as id from unit where province = @province and level in ('commune', 'hamlet') and polygon_id is not null) u
