-- Takes out the words of the steps of what is disputed of addresses: they may say who lives there.
-- needs: erasure
update challenge_event e set words = null
from unnest(@schemes::text[], @addresses::text[]) h (scheme, code)
join challenge c on c.province = @province and (c.address_scheme = h.scheme and c.address_code = h.code or c.other_scheme = h.scheme and c.other_code = h.code)
where e.province = @province and e.challenge_id = c.id and e.words is not null
