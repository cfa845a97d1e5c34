-- Takes out the evidence of what is disputed of addresses: it may say who lives there.
-- needs: erasure
update challenge c set evidence = null
from unnest(@schemes::text[], @addresses::text[]) h (scheme, code)
where c.province = @province and (c.address_scheme = h.scheme and c.address_code = h.code or c.other_scheme = h.scheme and c.other_code = h.code) and c.evidence is not null
