-- Answers the units valid on a day whose folded name is like a folded text: the likeliest first, with likeness from 0 to 1.
-- needs: published
with asked as (select fold(@text::text) as text, fold(@pattern::text) as pattern),
hit as (
  select u.*,
    case
      when u.full_fold = a.text then 5
      when u.name_fold = a.text then 4
      when u.name_fold like a.pattern || '%' or u.full_fold like a.pattern || '%' then 3
      when ' ' || u.full_fold || ' ' like '% ' || a.pattern || ' %' then 2
      else 1
    end as tier,
    greatest(similarity(u.full_fold, a.text), similarity(u.name_fold, a.text), word_similarity(a.text, u.full_fold)) as likeness
  from asked a
  join unit u on u.full_fold like '%' || a.pattern || '%' or u.full_fold % a.text or u.full_fold %> a.text
  where u.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and u.valid @> @day::date
    and @level::text in ('', u.level)
    and (@within::bigint = 0 or exists (
      select from unit_period p
      where p.province = u.province and p.unit_id = u.id and p.period @> @day::date
        and case @within_level::text when 'province' then p.province_id when 'district' then p.district_id
            when 'commune' then p.commune_id else p.hamlet_id end = @within))
)
select u.tier, u.likeness::float8 as likeness,
-- include: unit_column
from hit u
order by u.tier desc, u.likeness desc, array_position(array['province', 'district', 'commune', 'hamlet'], u.level), u.code, u.province
limit @take
