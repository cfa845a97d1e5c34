-- Adoptions before any visit to the household: file, line, column, value, code, message.
select s.file, s.line, 'adopted_on', s.adopted_on::text, 'adopted_before_visit',
       format('household %s took %s up on %s, before any visit; check the date', s.household_code, s.service_code, s.adopted_on)
from stage_adoptions s
left join (
  select household_code, min(visited_on) as first_on from visit
  where province = @province and household_code in (select household_code from stage_adoptions) group by household_code
) v on v.household_code = s.household_code
where v.first_on is null or v.first_on > s.adopted_on
order by s.file, s.line
