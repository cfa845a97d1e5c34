-- Conservation between levels: whatever lies in a unit lies in its parents; a place is in one unit of a level on a day.
select 'place ' || t.place_id || ' on ' || t.period
from place_period t
where t.province = @province and not exists (
  select from unit_period c where c.province = @province and c.unit_id = coalesce(t.hamlet_id, t.commune_id, t.district_id, t.province_id)
    and c.period @> t.period and c.province_id is not distinct from t.province_id and c.district_id is not distinct from t.district_id
    and c.commune_id is not distinct from t.commune_id and c.hamlet_id is not distinct from t.hamlet_id)
union all
select 'place ' || a.place_id || ' lies in two units on ' || (a.period * b.period) from place_period a
join place_period b on b.province = @province and b.place_id = a.place_id and b.period && a.period and b.period > a.period
where a.province = @province
union all
select 'place ' || id || ' is not settled' from place where province = @province and not settled
