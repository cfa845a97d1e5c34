-- Moves the stored addresses that lie in another place now.
update address a set place_id = l.place_id from located l
where a.province = @province and l.scheme = a.scheme and l.code = a.code and l.old_place_id <> l.place_id
