-- Whether the data are there and what a challenge names is found by who asks: the address or household, the one that stays, the team.
select exists (select from dataset s where s.province = @province) as loaded,
  case when @household::text is null then exists (select from address a where a.province = @province and a.scheme = @scheme::text and a.code = @address::text)
    else exists (select from household h where h.province = @province and h.code = @household) end as subject,
  case when @other_code::text is null then true
    when @household is null then exists (select from address a where a.province = @province and a.scheme = @other_scheme::text and a.code = @other_code)
    else exists (select from household h where h.province = @province and h.code = @other_code) end as other,
  @team::text is null or exists (select from team t where t.province = @province and t.code = @team) as team
