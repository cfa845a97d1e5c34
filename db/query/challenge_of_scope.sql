-- part: whether the challenge c is about what lies in the unit @within on @day (of @within_level; 0: everywhere)
c.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
and (@within::bigint = 0 or coalesce(
  (select a.place_id from address a where a.province = c.province and a.scheme = c.address_scheme and a.code = c.address_code),
  (select h.place_id from household h where h.province = c.province and h.code = c.household_code)) = any(array(
    select i.place_id from place_period i
    where i.province = @province::text and i.period @> @day::date
      and case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
        when 'district' then i.district_id else i.province_id end = @within)))
and (@status::text = '' or c.status = @status) and (@kind::text = '' or c.kind = @kind)
