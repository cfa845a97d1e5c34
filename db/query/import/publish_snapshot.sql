-- What is published of any unit of a province has changed: that is another snapshot.
with changed as (
  update dataset set snapshot = snapshot + 1, imported_at = @now where province = @province returning province, snapshot, as_of, imported_at
)
insert into snapshot (province, number, as_of, landed_at, complete)
select province, snapshot, as_of, imported_at, false from changed
