-- Notes what an accepted challenge changed.
insert into correction (province, challenge_id, number, what, scheme, code, field, former, became, decided_on)
select @province, @id::bigint, k.number, k.what, k.scheme, k.code, k.field, k.former, k.became, @today::date
from unnest(@whats::text[], @schemes::text[], @codes::text[], @fields::text[], @formers::text[], @becames::text[])
  with ordinality as k (what, scheme, code, field, former, became, number)
