-- part: the cases of challenge_accepted: challenges accepted by @day
-- include: quality_challenge
where c.status = 'accepted'
