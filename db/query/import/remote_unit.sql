-- Units with what their remoteness needs: id, the day to look at them (today, else the last or the first they stand; days since
-- 1970-01-01), area in km2 (0: no polygon), label point, and whether it or a unit above it is designated remote today.
with designated as (
  select distinct u.id
  from designation d
  join unit u on u.province = @province and u.level = d.level and u.code = d.code
  where d.province = @province and d.valid @> @today::date
    and (d.scheme in ('dac_biet_kho_khan', 'xa_dao', 'trang_song') or (d.scheme = 'khu_vuc' and d.value = 'III'))
    and u.valid @> lower(d.valid)
)
select u.id, r.on_day - date '1970-01-01', coalesce(p.area_km2, 0)::float8, ST_X(p.label), ST_Y(p.label),
       exists (select from unit_period c where c.province = @province and c.unit_id = u.id and c.period @> r.on_day
               and (c.province_id in (select id from designated) or c.district_id in (select id from designated)
                    or c.commune_id in (select id from designated) or c.hamlet_id in (select id from designated)))
from unit u
cross join lateral (
  select case when u.valid @> @today::date then @today::date when upper(u.valid) <= @today::date then upper(u.valid) - 1 else lower(u.valid) end as on_day
) r
left join polygon p on p.province = @province and p.id = u.drawn_id
where u.province = @province
order by u.code, lower(u.valid) -- means over hamlets are added up in this order: the same to the last digit in every database
