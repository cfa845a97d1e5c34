-- Answers whether anything of a province is loaded.
select exists (select from dataset where province = @province)
