-- Touches the places of the touched households and addresses: said before they are merged and after, because they may move.
insert into touched_place
select h.place_id
from household h
join (select code from touched_household union select code from touched_uptake) t using (code)
where h.province = @province
union
select a.place_id
from address a
join touched_address t using (scheme, code)
where a.province = @province
