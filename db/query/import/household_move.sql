-- Moves the stored households that live in another place now.
update household h set place_id = p.place_id from household_place p
where h.province = @province and p.code = h.code and p.old_place_id <> p.place_id
