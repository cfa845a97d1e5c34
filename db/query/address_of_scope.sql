-- part: whether the address row a lies in the unit @within on @day and in the box
a.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
and (@within::bigint = 0 or a.place_id = any(array(
  select i.place_id from place_period i
  where i.province = @province::text and i.period @> @day::date
    and case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
      when 'district' then i.district_id else i.province_id end = @within)))
and (@west::float8 is null or a.position && st_makeenvelope(@west, @south::float8, @east::float8, @north::float8, 4326))
