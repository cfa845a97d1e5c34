-- part: the columns of an Address, of the address rows named a; the position in degrees
a.province, a.scheme, a.code, a.kind, a.label, st_x(a.position) as longitude, st_y(a.position) as latitude
