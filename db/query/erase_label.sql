-- Takes the words out that were written of the houses at addresses.
-- needs: erasure
update address a set label = null
from unnest(@schemes::text[], @addresses::text[]) h (scheme, code)
where a.province = @province and a.scheme = h.scheme and a.code = h.code and a.label is not null
