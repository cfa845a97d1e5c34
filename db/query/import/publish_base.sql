-- Sets the base of a province's figures. Answers whether it was another.
update publication set base = @base where province = @province and base <> @base
