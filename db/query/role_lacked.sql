-- Answers the statements that make the roles that are not there and let the account ask under them; none: all is done.
-- needs: published
select statement
from (
  select 'create role ' || w.name || ' nologin' as statement, w.number, 1 as step
  from unnest(@roles::text[]) with ordinality as w (name, number)
  where not exists (select from pg_catalog.pg_roles r where r.rolname = w.name)
  union all
  select format('grant %I to %I', w.name, session_user), w.number, 2
  from unnest(@roles) with ordinality as w (name, number)
  where not exists (select from pg_catalog.pg_roles r where r.rolname = w.name and pg_catalog.pg_has_role(session_user, r.oid, 'member'))
    and not (select s.rolsuper from pg_catalog.pg_roles s where s.rolname = session_user)
) s
order by number, step
