-- The latest challenge of a kind that who asks has opened about an address or a household, why it was resolved so ('': it is open, or nobody said), and whether it says the same.
select c.id, c.status,
  coalesce((select e.words from challenge_event e where e.province = c.province and e.challenge_id = c.id and e.action in ('accepted', 'rejected')), '') as reason,
  (c.other_scheme, c.other_code, c.team_code, c.day, c.evidence, st_x(c.point), st_y(c.point))
    is not distinct from (@other_scheme::text, @other_code::text, @team::text, @day::date, @evidence::text, @longitude::float8, @latitude::float8) as same
from challenge c
where c.province = @province and c.kind = @kind::text
  and (c.address_scheme, c.address_code, c.household_code) is not distinct from (@scheme::text, @address::text, @household::text)
  and c.issuer = @issuer::text and c.subject = @caller::text
order by c.id desc
limit 1
