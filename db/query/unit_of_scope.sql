-- part: every unit of @level on the boundaries of @boundary in the unit @within (of @within_level; 0: everything), asked about @day
wanted as materialized (
  select row_number() over () as asked, u.province, u.id as unit_id, u.level, u.code, u.name, u.full_name, u.valid, @day::date as day, @boundary::date as boundary, u.drawn_id, u.derived_support, i.parent_id
  from unit u
  join unit_period i on i.province = u.province and i.unit_id = u.id and i.period @> @boundary::date
  where u.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and u.level = @level::text and u.valid @> @boundary::date
    and (@within::bigint = 0 or case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
      when 'district' then i.district_id else i.province_id end = @within)
)
