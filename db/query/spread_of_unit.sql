-- part: the places that each unit of wanted (asked, province, unit_id, level, day, boundary) holds on the boundaries of its boundary; one arm a level, so that each can use its index
spread as materialized (
  select w.asked, i.province, i.place_id, w.day
  from wanted w join place_period i on i.province = w.province and i.hamlet_id = w.unit_id and i.period @> w.boundary
  where w.level = 'hamlet'
  union all
  select w.asked, i.province, i.place_id, w.day
  from wanted w join place_period i on i.province = w.province and i.commune_id = w.unit_id and i.period @> w.boundary
  where w.level = 'commune'
  union all
  select w.asked, i.province, i.place_id, w.day
  from wanted w join place_period i on i.province = w.province and i.district_id = w.unit_id and i.period @> w.boundary
  where w.level = 'district'
  union all
  select w.asked, i.province, i.place_id, w.day
  from wanted w join place_period i on i.province = w.province and i.province_id = w.unit_id and i.period @> w.boundary
  where w.level = 'province'
)
