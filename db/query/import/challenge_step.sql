-- Adds a step to a challenge's history.
insert into challenge_event (province, challenge_id, number, action, at, issuer, subject, system, words)
select @province, @id::bigint, count(*) + 1, @action::text, @now::timestamptz, @issuer::text, @caller::text, @system::boolean, @words::text
from challenge_event e
where e.province = @province and e.challenge_id = @id
