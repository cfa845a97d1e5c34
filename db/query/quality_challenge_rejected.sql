-- part: the cases of challenge_rejected: challenges rejected by @day
-- include: quality_challenge
where c.status = 'rejected'
