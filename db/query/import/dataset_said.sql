-- What the province's latest bundle said of itself.
select as_of, source, coalesce(licence, ''), srid, synthetic from dataset where province = @province
