-- The members of teams: whose, since and until when (days since 1970-01-01).
select m.team_code as team, lower(m.joined) - date '1970-01-01' as since, upper(m.joined) - date '1970-01-01' as until
from member m
where m.province = @province
order by m.team_code
