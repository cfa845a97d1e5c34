-- The staged rows of STAGE whose hamlet_code is no code on their own day (DAY): the code of the one hamlet that has that name, with or without
-- its kind, in the commune they declare; null where there is none or several, with a sentence that says so, or null for that of any code.
create temporary table hamlet_named on commit drop as
with said as materialized (
  select s.file, s.line, s.commune_code, s.hamlet_code as name, DAY as day
  from rejected r join STAGE s on s.file = r.file and s.line = r.line
  where r.col = 'hamlet_code' and r.code = 'reference'
), folded as materialized (
  select name, fold(name) as fold from (select distinct name from said) n
), named as materialized (
  select u.code, u.parent_code as commune_code, u.valid, n.fold
  from unit u
  cross join lateral (select u.name_fold union select u.full_fold) n (fold)
  where u.province = @province and u.level = 'hamlet' and u.parent_level = 'commune'
), found as (
  select s.commune_code, s.name, s.day, count(*) as hamlets, string_agg(n.code, ', ' order by n.code) as codes
  from (select distinct commune_code, name, day from said) s
  join folded f on f.name = s.name
  join named n on n.commune_code = s.commune_code and n.fold = f.fold and n.valid @> s.day
  group by s.commune_code, s.name, s.day
), anywhere as (
  select distinct s.name, s.day
  from (select distinct name, day from said where commune_code is null) s
  join folded f on f.name = s.name
  join named n on n.fold = f.fold and n.valid @> s.day
)
select s.file, s.line, s.name, case when f.hamlets = 1 then f.codes end as code,
       case when f.hamlets > 1
              then format('%s is the name of %s hamlets of commune %s on %s (%s); write the code of the one that is meant', s.name, f.hamlets, s.commune_code, s.day, f.codes)
            when s.commune_code is not null
              then format('no hamlet has the code %s on %s, and none of commune %s that name; correct it, or add that unit to units', s.name, s.day, s.commune_code)
            when a.name is not null
              then format('no hamlet has the code %s on %s, but it is a name; give the commune_code too, or write the code', s.name, s.day) end as message
from said s
left join found f on f.commune_code = s.commune_code and f.name = s.name and f.day = s.day
left join anywhere a on s.commune_code is null and a.name = s.name and a.day = s.day
