-- The remoteness that stands: unit, index, distance to a service point and to a team (metres), household addresses a km2.
select unit_id, index, service_distance_metres, team_distance_metres, addresses_per_km2 from remoteness where province = @province
