-- Answers a page of the challenges in a unit on a day, of a status and a kind ('': any), in the order in which they were opened; degrees.
-- needs: persons
select c.province, c.id, c.kind, c.address_scheme, c.address_code, c.household_code, c.other_scheme, c.other_code, c.team_code, c.day, c.evidence,
  st_x(c.point) as longitude, st_y(c.point) as latitude, c.status, c.opened_at, c.issuer, c.subject, c.system,
  (select coalesce(i.hamlet_id, i.commune_id, i.district_id, i.province_id) from place_period i
   where i.province = c.province and i.period @> @day::date and i.place_id = coalesce(
     (select a.place_id from address a where a.province = c.province and a.scheme = c.address_scheme and a.code = c.address_code),
     (select h.place_id from household h where h.province = c.province and h.code = c.household_code))) as unit_id
from challenge c
where (c.province, c.id) > (@after_province::text, @after_id::bigint) and
-- include: challenge_of_scope
order by c.province, c.id
limit @take::int
