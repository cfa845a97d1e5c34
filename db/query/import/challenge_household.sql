-- The households that a challenge is about: itself, or those on the register at the address on a day; each with what is corrected of it.
select h.code, h.registered_on, h.ended_on, h.address_scheme, h.address_code
from household h
where h.province = @province and case when @household::text is not null then h.code = @household
  else h.address_scheme = @scheme::text and h.address_code = @address::text and h.registered_on <= @day::date and (h.ended_on is null or h.ended_on > @day) end
order by h.code
