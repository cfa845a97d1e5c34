-- Tells whether a cursor of the feed is of a change that this database told of: not where it was restored from an older copy since. And up to which change (@horizon, of
-- which epoch) whoever reads with it has not known what is no more: who begins (@after 0), up to the latest; who was given a number that means another change by now, none.
-- needs: aggregates
with told as (
  select coalesce(max(sequence), 0) as latest from change
), epoch_of as (
  select t.latest, (select e.epoch from change_epoch e where e.first <= @after::bigint order by e.first desc limit 1) as after, (select e.epoch from change_epoch e where e.first <= t.latest order by e.first desc limit 1) as last,
    (select e.epoch from change_epoch e where e.first <= @horizon::bigint order by e.first desc limit 1) as horizon
  from told t
)
select coalesce(@after = 0 or @after <= latest and @epoch::text = after, false) as holds,
  case when @after = 0 then latest when @horizon_epoch::text = horizon then @horizon else 0 end as horizon, case when @after = 0 then last else horizon end as epoch
from epoch_of
