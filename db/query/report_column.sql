-- part: the columns of a Report, of the report rows named r with the unit's id
r.province, r.level, r.unit_code, r.unit_id, r.measure, r.value, r.qualifier, r.from_on, r.as_of, r.base, r.share, r.source
