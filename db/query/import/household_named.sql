-- Whether any of the codes is a household's.
select exists (select from household h where h.province = @province and h.code = any(@codes::text[]))
