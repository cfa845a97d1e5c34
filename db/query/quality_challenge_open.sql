-- part: the cases of challenge_open: challenges that were neither accepted nor rejected by @day
-- include: quality_challenge
where c.status = 'open'
