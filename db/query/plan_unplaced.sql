-- Answers how many households of a demand have no located address on a day: those that lie where they declare, or nowhere.
-- needs: decisions
with province as materialized (
  select s.province from dataset s where @province::text in ('', s.province)
),
-- Of a place that nobody declares and that a commune covers on the day every household has a located address.
elsewhere as materialized (
  select p.province, p.id, p.declared <> 0 as declared
  from place p
  left join place_period i on i.province = p.province and i.place_id = p.id and i.period @> @day::date
  where p.province = any(array(select province from province)) and (p.declared <> 0 or i.commune_id is null)
    and (@within::bigint = 0 or case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
      when 'district' then i.district_id else i.province_id end = @within)
)
select
  (select count(*)
  from household h
  join elsewhere w on w.province = h.province and w.id = h.place_id
  left join lateral (
    select bool_or(v.outcome = 'guided') as guided, (array_agg(v.outcome order by v.visited_on desc, v.code desc))[1] as latest
    from visit v
    where v.province = h.province and v.household_code = h.code and v.visited_on <= @day
  ) v on true
  where h.province = any(array(select province from province)) and h.registered_on <= @day and (h.ended_on is null or h.ended_on > @day)
    and case when v.guided then @all_households::boolean else v.latest is distinct from 'ineligible' end
    and not exists (
      select from address a
      join place_period i on i.province = a.province and i.place_id = a.place_id and i.period @> @day and i.commune_id is not null
      where a.province = h.province and a.scheme = h.address_scheme and a.code = h.address_code))
  +
  (select count(*)
  from address a
  join elsewhere w on w.province = a.province and w.id = a.place_id and not w.declared
  where a.province = any(array(select province from province)) and a.kind = 'household' and @within = 0
    and not exists (
      select from household h
      where h.province = a.province and h.address_scheme = a.scheme and h.address_code = a.code
        and h.registered_on <= @day and (h.ended_on is null or h.ended_on > @day))) as households
