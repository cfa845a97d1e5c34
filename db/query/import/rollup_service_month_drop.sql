-- The months from there on are written anew.
delete from place_service_month m using service_first f
where m.province = @province and m.place_id = f.place_id and m.service_code = f.service_code and m.month >= f.month
