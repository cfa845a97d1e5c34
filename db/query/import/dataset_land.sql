-- The province's latest import; its snapshot number grows where anything changed, and remoteness is of the day on which it was
-- worked out, not of this import's. Answers the snapshot.
insert into dataset as d (province, as_of, source, licence, srid, synthetic, imported_at, snapshot, refreshed_on, west, south, east, north)
select @province, @as_of, @source, nullif(@licence, ''), @srid, @synthetic, @now, 1, @today, ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)
from (select ST_Extent(geometry) as e from polygon where province = @province) b
on conflict (province) do update set
  as_of = excluded.as_of, source = excluded.source, licence = excluded.licence, srid = excluded.srid, synthetic = excluded.synthetic,
  refreshed_on = case when @refreshed then excluded.refreshed_on else d.refreshed_on end, west = excluded.west, south = excluded.south, east = excluded.east, north = excluded.north,
  imported_at = case when @changed or (d.as_of, d.source, d.licence, d.srid, d.synthetic) is distinct from
                     (excluded.as_of, excluded.source, excluded.licence, excluded.srid, excluded.synthetic) then excluded.imported_at else d.imported_at end,
  snapshot = d.snapshot + case when @changed or (d.as_of, d.source, d.licence, d.srid, d.synthetic) is distinct from
                     (excluded.as_of, excluded.source, excluded.licence, excluded.srid, excluded.synthetic) then 1 else 0 end
returning snapshot
