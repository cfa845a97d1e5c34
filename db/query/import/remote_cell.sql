-- The cells that addresses lie in: place, and where the cell is.
select place_id, x, y from place_cell where province = @province
