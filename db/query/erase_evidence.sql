-- Takes out the evidence of what is disputed of addresses, because it may say who lives there, and evidence of anything that names one of the households.
-- needs: erasure
update challenge c set evidence = null
where c.province = @province and c.evidence is not null and (
  exists (
    select from unnest(@schemes::text[], @addresses::text[]) h (scheme, code)
    where c.address_scheme = h.scheme and c.address_code = h.code or c.other_scheme = h.scheme and c.other_code = h.code)
  or exists (
    select from unnest(@codes::text[]) h (code)
    where strpos(c.evidence, h.code) > 0 and c.evidence ~ ('(^|[^[:alnum:]])' || regexp_replace(h.code, '([^[:alnum:]])', '\\\1', 'g') || '($|[^[:alnum:]])')))
