-- Adds an entry to the audit log.
-- needs: persons
insert into audit_log (issuer, subject, system, purpose, entry, filter, rows)
values (@issuer::text, @subject::text, @system::boolean, @purpose::text, @entry::text, @filter::jsonb, @rows::bigint)
