-- The box of Vietnam's longitudes and latitudes in another reference system, a twentieth wider: its coordinates.
with box as (
  select ST_Extent(ST_Transform(ST_Segmentize(ST_MakeEnvelope($2, $3, $4, $5, 4326), 0.5), $1::text)) as b
)
select ST_XMin(b) - 0.05 * (ST_XMax(b) - ST_XMin(b)), ST_YMin(b) - 0.05 * (ST_YMax(b) - ST_YMin(b)),
       ST_XMax(b) + 0.05 * (ST_XMax(b) - ST_XMin(b)), ST_YMax(b) + 0.05 * (ST_YMax(b) - ST_YMin(b))
from box
