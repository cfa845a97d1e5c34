-- Answers how remote units are: distances in metres, density in household addresses per km². One without an index is left out.
-- needs: aggregates
select r.province, r.unit_id, r.index, r.remote, r.service_distance_metres, r.team_distance_metres, r.addresses_per_km2, r.designated, r.computed_at
from unnest(@provinces::text[], @ids::bigint[]) as a (province, id)
join remoteness r on r.province = a.province and r.unit_id = a.id
where r.province = any(@provinces::text[]) and r.index is not null
