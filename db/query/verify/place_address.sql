-- Each place counts its addresses of kind household.
select 'place ' || p.id || ' counts ' || p.addresses || ', has ' || coalesce(a.n, 0)
from place p left join (select place_id, count(*) as n from address where province = @province and kind = 'household' group by place_id) a on a.place_id = p.id
where p.province = @province and p.addresses <> coalesce(a.n, 0)
