-- Whether the month ends that are told are all there are to tell: from the first month with a change on the register, of a number of months (@most) at most, to
-- the last that anything is known of. Of a province that nobody is on the register of it is not said.
with known as (
  select min(month) as first, greatest(max(month), (select as_of from dataset where province = @province)) as last from place_month where province = @province
), reach as (
  select greatest(date_trunc('month', first), date_trunc('month', last) - make_interval(months => @most::int - 1)) as first, date_trunc('month', last) as last from known where first is not null
)
select coalesce((
  select min(d.day) = (r.first + interval '1 month - 1 day')::date and max(d.day) = (r.last + interval '1 month - 1 day')::date
  from reach r left join change_day d on d.province = @province group by r.first, r.last), false)
