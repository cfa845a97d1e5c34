-- Gives the changed households their places.
update change_household c set place_id = p.place_id from household_place p where p.code = c.code
