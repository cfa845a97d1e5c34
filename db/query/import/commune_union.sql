-- The unions that stand for communes without a polygon of their own: of their hamlets' polygons on the last day on which they had any.
create temporary table commune_union on commit drop as
with hamlet as (
  select h.parent_id as commune_id, h.period, p.geometry, max(coalesce(upper(h.period), 'infinity')) over (partition by h.parent_id) as last_on
  from unit_period h
  join unit u on u.province = @province and u.id = h.unit_id and u.level = 'hamlet'
  join polygon p on p.province = @province and p.id = u.polygon_id
  join unit c on c.province = @province and c.id = h.parent_id and c.level = 'commune' and c.polygon_id is null
  where h.province = @province
), drawn as (
  select commune_id, ST_Multi(ST_CollectionExtract(ST_Union(geometry), 3)) as geometry
  from hamlet where coalesce(upper(period), 'infinity') = last_on group by commune_id
)
select commune_id, geometry, md5(ST_AsEWKB(ST_Normalize(geometry)))::uuid as digest from drawn
