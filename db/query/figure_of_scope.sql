-- part: the coverage on @day of every unit of @level on the boundaries of @boundary in the unit @within (of @within_level; 0: everything); places in none of them have no asked
-- include: unit_of_scope
,
asked_place as materialized (
  select w.asked, p.province, p.id as place_id, @day::date as day, p.addresses
  from place p
  left join place_period i on i.province = p.province and i.place_id = p.id and i.period @> @boundary::date
  left join wanted w on w.province = i.province and w.unit_id = case @level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
    when 'district' then i.district_id else i.province_id end
  where p.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and (@within::bigint = 0 or case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
      when 'district' then i.district_id else i.province_id end = @within)
),
-- include: figure_of_place
,
-- include: figure_of_unit
