-- part: the middle of the square, @square_degrees of latitude a side, that the address a lies in; degrees. Squares stand in rows, and are as wide as high in the middle of their row
cross join lateral (select (floor(st_y(a.position) / @square_degrees::float8) + 0.5) * @square_degrees as latitude) y
cross join lateral (select @square_degrees / cos(radians(y.latitude)) as width) w
cross join lateral (select (floor(st_x(a.position) / w.width) + 0.5) * w.width as longitude, y.latitude) s
