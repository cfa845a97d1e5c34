-- Answers a vector tile of the teams of every kind active on a day, in a unit: whose own unit, or one they serve, is it or lies in it; where they are based.
-- needs: published
with feature as (
  select k.px, k.py, t.province, t.code, t.name, t.kind, upper(t.level) as level, t.unit_code, u.full_name, t.position is not null as located,
    (select count(*)::int from member m where m.province = t.province and m.team_code = t.code and m.joined @> @day::date) as members
  from team t
  join unit u on u.province = t.province and u.id = t.unit_id
  cross join lateral (select t.base as point) p
-- include: tile_pixel
  where t.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and t.active @> @day and t.base && st_makeenvelope(@west::float8, @south::float8, @east::float8, @north::float8, 4326)
    and k.inside
    and (@within::bigint = 0 or exists (
      select from team_period i
      where i.province = t.province and i.team_code = t.code and i.period @> @day
        and case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
          when 'district' then i.district_id else i.province_id end = @within))
)
select st_asmvt(f, 'teams', 4096, 'geom') as tile
from (
  select st_makepoint(px, py) as geom,
    translate(rtrim(encode(convert_to(concat_ws(':', 'team', province, code), 'UTF8'), 'base64'), '='), E'+/\n', '-_') as id,
    province, code, name, kind, level, unit_code as "unitCode", full_name as "unitName", located, members
  from feature
  order by code, province
) f
