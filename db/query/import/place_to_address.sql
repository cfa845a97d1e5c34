-- Gives the changed addresses their places.
update change_address c set place_id = l.place_id from located l where l.scheme = c.scheme and l.code = c.code
