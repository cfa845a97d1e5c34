-- Frees the room of rows that are no more, and takes what they said out of what is remembered of columns. No transaction may hold it.
vacuum (analyze) household, visit, adoption, address, audit_log, import_problem, challenge, challenge_event, correction
