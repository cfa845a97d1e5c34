-- part: from taught (asked, code, topics), a row a household with the topics of all its visits, to how many households of each asked were told of each topic
alike as materialized ( -- few lists of topics, each told to many households
  select asked, topics, count(*) as households from taught group by asked, topics
),
told as (
  select a.asked, x.topic, sum(a.households)::int as households
  from alike a
  cross join lateral (select distinct btrim(t.topic) as topic from unnest(string_to_array(a.topics, ';')) as t (topic)) x
  where x.topic <> ''
  group by a.asked, x.topic
)
