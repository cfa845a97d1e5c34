-- Every row refers to rows that exist.
select 'succession from ' || from_level || ' ' || from_code || ' on ' || effective_on from succession s
where province = @province and not exists (select from unit u where u.province = @province and u.level = s.from_level and u.code = s.from_code and u.valid @> s.effective_on - 1)
union all select 'succession to ' || to_level || ' ' || to_code || ' on ' || effective_on from succession s
where province = @province and not exists (select from unit u where u.province = @province and u.level = s.to_level and u.code = s.to_code and u.valid @> s.effective_on)
union all select 'designation of ' || level || ' ' || code from designation s
where province = @province and not exists (select from unit u where u.province = @province and u.level = s.level and u.code = s.code and u.valid @> lower(s.valid))
union all select 'team ' || code || ' of ' || level || ' ' || unit_code from team s
where province = @province and not exists (select from unit u where u.province = @province and u.level = s.level and u.code = s.unit_code and u.valid @> lower(s.active) and u.id = s.unit_id)
union all select 'team_service of ' || team_code from team_service s
where province = @province and not (exists (select from team t where t.province = @province and t.code = s.team_code)
  and exists (select from unit u where u.province = @province and u.level = s.level and u.code = s.unit_code and u.valid @> s.from_on))
union all select 'member ' || code || ' of team ' || team_code from member s
where province = @province and not exists (select from team t where t.province = @province and t.code = s.team_code)
union all select 'household ' || code || ' at ' || concat_ws('/', address_scheme, address_code) from household s
where province = @province and (address_scheme is not null or address_code is not null)
  and not exists (select from address a where a.province = @province and a.scheme = s.address_scheme and a.code = s.address_code)
union all select 'household ' || code || ' declares hamlet ' || hamlet_code from household s
where province = @province and hamlet_code is not null
  and not exists (select from unit u where u.province = @province and u.level = 'hamlet' and u.code = s.hamlet_code and u.valid @> s.registered_on)
union all select 'household ' || code || ' declares commune ' || commune_code from household s
where province = @province and commune_code is not null
  and not exists (select from unit u where u.province = @province and u.level = 'commune' and u.code = s.commune_code and u.valid @> s.registered_on)
union all select 'visit ' || code || ' to household ' || household_code from visit s
where province = @province and not exists (select from household h where h.province = @province and h.code = s.household_code)
union all select 'visit ' || code || ' by team ' || team_code from visit s
where province = @province and not exists (select from team t where t.province = @province and t.code = s.team_code)
union all select 'adoption by household ' || household_code from adoption s
where province = @province and not exists (select from household h where h.province = @province and h.code = s.household_code)
union all select 'adoption of service ' || service_code from adoption s
where province = @province and not exists (select from service h where h.province = @province and h.code = s.service_code)
union all select 'target of ' || level || ' ' || code from target s
where province = @province and code <> '' and due_on < 'infinity'
  and not exists (select from unit u where u.province = @province and u.level = s.level and u.code = s.code and u.valid @> s.due_on)
union all select 'report about ' || level || ' ' || unit_code || ' as of ' || as_of from report s
where province = @province and not exists (select from unit u where u.province = @province and u.level = s.level and u.code = s.unit_code and u.valid @> s.as_of)
