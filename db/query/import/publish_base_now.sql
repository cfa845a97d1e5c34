-- Whether anything is loaded of a province, and the base of its figures (null: they were never published).
select exists (select from dataset where province = @province), (select base from publication where province = @province)
