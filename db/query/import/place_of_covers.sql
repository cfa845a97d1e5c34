-- The places of these sets of polygons, in their order.
select p.id from unnest(@covers::text[]) with ordinality as c (covers, n)
join place p on p.province = @province and p.covers = c.covers::bigint[] and p.declared = 0
order by c.n
