-- Takes out the words of the steps of what is disputed of addresses, because they may say who lives there, and words that name one of the households.
-- needs: erasure
update challenge_event e set words = null
where e.province = @province and e.words is not null and (
  exists (
    select from unnest(@schemes::text[], @addresses::text[]) h (scheme, code)
    join challenge c on c.province = @province and (c.address_scheme = h.scheme and c.address_code = h.code or c.other_scheme = h.scheme and c.other_code = h.code)
    where c.id = e.challenge_id)
  or exists (
    select from unnest(@codes::text[]) h (code)
    where strpos(e.words, h.code) > 0 and e.words ~ ('(^|[^[:alnum:]])' || regexp_replace(h.code, '([^[:alnum:]])', '\\\1', 'g') || '($|[^[:alnum:]])')))
