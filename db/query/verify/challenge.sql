-- Every challenge is about what there is, its status is its last step, and what it corrected stands on an accepted one.
select 'challenge ' || c.id || ' is about no address' from challenge c
where c.province = @province and c.address_code is not null
  and not exists (select from address a where a.province = @province and a.scheme = c.address_scheme and a.code = c.address_code)
union all select 'challenge ' || c.id || ' is about no household' from challenge c
where c.province = @province and c.household_code is not null and not exists (select from household h where h.province = @province and h.code = c.household_code)
union all select 'challenge ' || c.id || ' is ' || c.status || ', its last step ' || coalesce(e.action, 'missing') from challenge c
left join lateral (select e.action from challenge_event e where e.province = @province and e.challenge_id = c.id order by e.number desc limit 1) e on true
where c.province = @province and c.status is distinct from case when e.action = 'amended' then 'open' when e.action = 'opened' then 'open' else e.action end
union all select 'challenge ' || c.id || ' has ' || count(e.number) || ' steps, the last is ' || max(e.number) || ', ' || count(*) filter (where e.action = 'opened') || ' open it'
from challenge c left join challenge_event e on e.province = @province and e.challenge_id = c.id
where c.province = @province
group by c.id
having count(e.number) is distinct from max(e.number) or count(*) filter (where e.action = 'opened' and e.number = 1) <> 1
  or count(*) filter (where e.action in ('accepted', 'rejected')) > 1 or bool_or(e.at < c.opened_at)
union all select 'a step of challenge ' || e.challenge_id || ', which there is not' from challenge_event e
where e.province = @province and not exists (select from challenge c where c.province = @province and c.id = e.challenge_id)
union all select 'a correction of challenge ' || k.challenge_id || ', which was not accepted' from correction k
where k.province = @province and not exists (select from challenge c where c.province = @province and c.id = k.challenge_id and c.status = 'accepted')
union all select 'correction of ' || k.what || ' ' || concat_ws('/', k.scheme, k.code) || ', which there is not' from correction k
where k.province = @province and not case k.what
  when 'address' then exists (select from address a where a.province = @province and a.scheme = k.scheme and a.code = k.code)
  when 'household' then exists (select from household h where h.province = @province and h.code = k.code)
  else exists (select from visit v where v.province = @province and v.code = k.code) end
