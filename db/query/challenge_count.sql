-- Counts the challenges in a unit on a day, of a status and a kind ('': any).
-- needs: persons
select count(*) as challenges
from challenge c
where
-- include: challenge_of_scope
