-- The months from there on are written anew.
delete from place_month m using month_first f where m.province = @province and m.place_id = f.place_id and m.month >= f.month
