-- What each role may read; nothing else. Those that may write say so by their names: what is sent row by row is written under them, and what is
-- erased is taken out under one. It is carried out whenever the database is migrated.
-- The tables of a role stand in one list: a table in none is for nobody but the owner.

do $$
declare own record;
begin -- the schema may hold others' tables too
  for own in select oid::regclass as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm') and pg_has_role(relowner, 'member') loop
    execute format('revoke all on %s from vunglom_published, vunglom_aggregates, vunglom_decisions, vunglom_persons, vunglom_persons_within, vunglom_record, vunglom_record_within, vunglom_register, vunglom_dispute, vunglom_resolve, vunglom_audit, vunglom_erasure, vunglom_import', own.name);
  end loop;
  if (select pg_has_role(d.datdba, 'member') from pg_database d where d.datname = current_database()) then -- what is sent is looked over in temporary tables
    execute format('grant temporary on database %I to vunglom_record, vunglom_record_within, vunglom_register, vunglom_resolve', current_database());
  end if;
end $$;
grant usage on schema public to vunglom_published, vunglom_aggregates, vunglom_decisions, vunglom_persons, vunglom_persons_within, vunglom_record, vunglom_record_within, vunglom_register, vunglom_dispute, vunglom_resolve, vunglom_audit, vunglom_erasure, vunglom_import;

-- Names, borders, teams and service points, what is loaded, what was published elsewhere, what is published here.
grant select on schema_version, dataset, unit_kind, polygon, polygon_shape, unit, unit_period, unit_heir, unit_origin, succession, designation,
  place_period, service_point, service, target, team, team_service, team_period, report, snapshot, snapshot_unit, published
  to vunglom_published, vunglom_aggregates, vunglom_decisions, vunglom_persons, vunglom_persons_within;
grant select (province, team_code, joined) on member to vunglom_published; -- how many, not who
grant select (province, base) on publication to vunglom_published, vunglom_aggregates, vunglom_decisions, vunglom_persons, vunglom_persons_within; -- never the secret
grant select (province, day, base) on published_day to vunglom_published, vunglom_aggregates, vunglom_decisions, vunglom_persons, vunglom_persons_within;

-- What figures are made of. A figure reads rows of persons too, but never the words that were written of a house.
grant select on place, place_day, place_month, place_visit, place_service_day, place_service_month, remoteness
  to vunglom_aggregates, vunglom_decisions, vunglom_persons, vunglom_persons_within;
-- Of persons a role of figures reads the columns that its statements read, and no others: a test takes these from the statements.
grant select (province, scheme, position, place_id) on address to vunglom_aggregates;
grant select (province, code, registered_on, ended_on, place_id) on household to vunglom_aggregates;
grant select (province, household_code, team_code, visited_on, outcome, topics) on visit to vunglom_aggregates;
grant select (province, service_code) on adoption to vunglom_aggregates;
grant select (province, team_code, role, organization, joined, trained_on) on member to vunglom_aggregates;
grant select (province, scheme, code, position, kind, commune_code, hamlet_code, surveyed_on, place_id) on address to vunglom_decisions;
grant select (province, code, address_scheme, address_code, commune_code, hamlet_code, registered_on, ended_on, place_id) on household to vunglom_decisions;
grant select (province, code, household_code, team_code, visited_on, outcome) on visit to vunglom_decisions;
grant select (province, household_code, service_code, adopted_on) on adoption to vunglom_decisions;
grant select (province, code, team_code, joined) on member to vunglom_decisions;

-- What has changed, for systems that follow.
grant select on change, change_epoch to vunglom_aggregates, vunglom_decisions, vunglom_persons, vunglom_persons_within;

-- The state of the data.
grant select on polygon_overlap, polygon_hole to vunglom_decisions, vunglom_persons, vunglom_persons_within;

-- Rows of persons.
grant select on address, place_cell, household, visit, adoption, member to vunglom_persons, vunglom_persons_within;

-- The audit log: who reads rows of persons adds to it, an administrator reads it; nobody changes it.
grant insert (issuer, subject, system, purpose, entry, filter, rows) on audit_log to vunglom_persons, vunglom_persons_within;
grant select on audit_log to vunglom_audit;

-- Erasure: a household with its visits and adoptions, the words written of its house, its code in the log. Never a figure: those are the owner's.
grant select on erased to vunglom_erasure;
grant select (province, code, address_scheme, address_code, ended_on) on household to vunglom_erasure;
grant select (province, code, household_code) on visit to vunglom_erasure;
grant select (province, household_code) on adoption to vunglom_erasure;
grant select (province, scheme, code, label) on address to vunglom_erasure;
grant delete on household, visit, adoption, erased to vunglom_erasure;
grant update (label) on address to vunglom_erasure;
grant insert on erased to vunglom_erasure;
grant insert (issuer, subject, system, purpose, entry, filter, rows) on audit_log to vunglom_erasure;
grant select (province, base), insert (province, base, secret), update (base) on publication to vunglom_erasure; -- what hides households in figures for everybody

-- Bundles that are sent: who sends them follows, cancels and reads what became of them. What they bring is the owner's to write. What was wrong
-- with an erased household's rows names it.
grant select on import_job, import_problem to vunglom_import;
grant insert (province, program, bytes, dry_run, strict), update (state, ended_at) on import_job to vunglom_import;
grant insert (issuer, subject, system, purpose, entry, filter, rows) on audit_log to vunglom_import;
grant select, delete on import_problem to vunglom_erasure;

-- Rows that are sent: what they are checked against and counted in, the tables that they go to, and what follows from them.
grant select on dataset, unit, unit_period, unit_heir, unit_origin, succession, place, place_period, place_day, place_month, place_visit, place_service_day,
  place_service_month, place_cell, service, team, team_period, snapshot, snapshot_unit, address, household, visit, adoption, erased, erasure_key
  to vunglom_record, vunglom_record_within, vunglom_register;
grant insert, update on household, visit, adoption to vunglom_record, vunglom_record_within;
grant insert, update, delete on place_day, place_month, place_visit, place_service_day, place_service_month, place_cell
  to vunglom_record, vunglom_record_within, vunglom_register;
grant insert, update on place to vunglom_record, vunglom_record_within, vunglom_register;
grant insert, delete on place_period, snapshot, snapshot_unit to vunglom_record, vunglom_record_within, vunglom_register;
grant update (snapshot, imported_at, refreshed_on) on dataset to vunglom_record, vunglom_record_within, vunglom_register;
grant select (province, due_on), update (due_on) on publication to vunglom_record, vunglom_record_within, vunglom_register;
grant insert (issuer, subject, system, purpose, entry, filter, rows) on audit_log to vunglom_record, vunglom_record_within, vunglom_register;
grant select on polygon, polygon_cover, designation, service_point, team_service, member, report, remoteness to vunglom_register;
grant insert, update on address, team, member, report to vunglom_register;
grant update (place_id) on household to vunglom_register;
grant insert, delete on team_period, remoteness to vunglom_register;

-- What is disputed. Who opens finds what is disputed, and nothing else of it; who resolves corrects it, and what follows from that.
grant select on challenge, challenge_event, correction to vunglom_persons, vunglom_persons_within;
grant select (province, id, kind, address_scheme, address_code, household_code, opened_at) on challenge to vunglom_decisions; -- how many, not in which words
grant select (province, challenge_id, action, at) on challenge_event to vunglom_decisions;
grant select on dataset, unit, place_period, team to vunglom_dispute;
grant select (province, scheme, code, place_id) on address to vunglom_dispute;
grant select (province, code, place_id) on household to vunglom_dispute;
grant select, insert on challenge, challenge_event to vunglom_dispute;
grant update (other_scheme, other_code, team_code, day, evidence, point) on challenge to vunglom_dispute;
grant insert (issuer, subject, system, purpose, entry, filter, rows) on audit_log to vunglom_dispute, vunglom_resolve;
grant select on dataset, unit, unit_period, unit_heir, unit_origin, succession, place, place_period, place_day, place_month, place_visit, place_service_day,
  place_service_month, place_cell, service, team, team_period, snapshot, snapshot_unit, address, household, visit, adoption, erased, erasure_key,
  polygon, polygon_cover, designation, service_point, team_service, member, remoteness, challenge, challenge_event to vunglom_resolve;
grant update on address, household to vunglom_resolve;
grant insert on visit to vunglom_resolve;
grant update (status) on challenge to vunglom_resolve;
grant insert on challenge_event, correction to vunglom_resolve;
grant insert, update, delete on place_day, place_month, place_visit, place_service_day, place_service_month, place_cell to vunglom_resolve;
grant insert, update on place to vunglom_resolve;
grant insert, delete on place_period, snapshot, snapshot_unit, remoteness to vunglom_resolve;
grant update (snapshot, imported_at, refreshed_on) on dataset to vunglom_resolve;
grant select (province, due_on), update (due_on) on publication to vunglom_resolve;

-- A household that is erased takes what is disputed of it along, and the words written of its house.
grant select, delete on challenge, challenge_event, correction to vunglom_erasure;
grant update (evidence) on challenge to vunglom_erasure;
grant update (words) on challenge_event to vunglom_erasure;
