-- Polygons look their points up, not points their polygons: a polygon is then unpacked and prepared once.
create index on point using gist (position)
