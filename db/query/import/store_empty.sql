-- Whether the province has no household and no address yet.
select not exists (select from household where province = @province) and not exists (select from address where province = @province)
