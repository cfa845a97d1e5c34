-- The household addresses of the touched hamlets: place, longitude, latitude; by place.
select place_id, ST_X(position), ST_Y(position) from address where province = @province and kind = 'household' and place_id = any(@places::bigint[]) order by place_id
