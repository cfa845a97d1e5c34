-- The households of the places by status at the ends of the months with a change, by month (days since 1970-01-01).
select month - date '1970-01-01' as month, place_id as place, guided, attempted, not_visited, ineligible, occupied
from place_month
where province = @province
order by month, place_id
