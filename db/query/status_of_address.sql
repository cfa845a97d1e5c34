-- part: the status on day of the address row a: of its households on the register the most reached
select coalesce(
  case min(case when v.guided then 1 when v.latest = 'ineligible' then 4 when v.latest is not null then 2 else 3 end)
    when 1 then 'GUIDED' when 2 then 'ATTEMPTED' when 3 then 'NOT_VISITED' when 4 then 'INELIGIBLE' end,
  case when a.kind = 'household' then 'UNKNOWN' end) as status
from household h
left join lateral (
  select bool_or(v.outcome = 'guided') as guided, (array_agg(v.outcome order by v.visited_on desc, v.code desc))[1] as latest
  from visit v
  where v.province = h.province and v.household_code = h.code and v.visited_on <= k.day
) v on true
where h.province = a.province and h.address_scheme = a.scheme and h.address_code = a.code
  and h.registered_on <= k.day and (h.ended_on is null or h.ended_on > k.day)
