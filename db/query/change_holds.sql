-- Tells whether a cursor of the feed is of a change that this database told of: not where it was restored from an older copy since.
-- needs: aggregates
select coalesce(@after::bigint <= max(c.sequence) and @epoch::text = (select e.epoch from change_epoch e where e.first <= @after order by e.first desc limit 1), false) as holds
from change c
