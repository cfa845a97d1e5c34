-- Household addresses of each place.
update place p set addresses = p.addresses + d.addresses
from (select place_id, sum(household_addresses) as addresses from delta_address group by place_id having sum(household_addresses) <> 0) d
where p.province = @province and p.id = d.place_id
