-- The points to locate: new and changed addresses.
create temporary table point on commit drop as
select row_number() over ()::integer as n, scheme, code, position, null::bigint as old_place_id from change_address
