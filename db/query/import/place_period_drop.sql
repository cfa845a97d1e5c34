-- Where these places lie is written anew.
delete from place_period where province = @province and place_id = any(@ids::bigint[])
