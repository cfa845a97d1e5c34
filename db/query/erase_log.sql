-- Writes the hash (hexadecimal) where entries of the audit log name one of the households by its code.
-- needs: erasure
update audit_log l set filter = jsonb_set(l.filter, '{households}', (
  select jsonb_agg(coalesce(e.digest, n.code) order by n.number)
  from jsonb_array_elements_text(l.filter -> 'households') with ordinality n (code, number)
  left join unnest(@codes::text[], @digests::text[]) e (code, digest) on e.code = n.code))
where l.filter ->> 'province' = @province and l.filter -> 'households' ?| @codes::text[]
