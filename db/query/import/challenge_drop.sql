-- Takes the words, points and names out of challenges that were resolved before a moment, and of their history, and answers how many there were. What was
-- disputed, when, and what came of it stays: it is counted, and no older bundle may undo it. The owner's alone.
with past as (
  select c.province, c.id
  from challenge c
  join challenge_event e on e.province = c.province and e.challenge_id = c.id and e.action in ('accepted', 'rejected')
  where e.at < @before::timestamptz and (c.evidence is not null or c.point is not null or c.issuer is not null)
),
steps as (
  update challenge_event e set words = null, issuer = null, subject = null
  from past p
  where e.province = p.province and e.challenge_id = p.id
),
dropped as (
  update challenge c set evidence = null, point = null, issuer = null, subject = null
  from past p
  where c.province = p.province and c.id = p.id
  returning 1
)
select count(*)::int as challenges from dropped
