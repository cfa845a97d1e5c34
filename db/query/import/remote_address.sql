-- The household addresses: place, longitude, latitude; by place.
select place_id, ST_X(position), ST_Y(position) from address where province = @province and kind = 'household' order by place_id
