-- The province's remoteness is written anew.
delete from remoteness where province = @province
