-- Lets what follows in the transaction be asked under a role of the database, in a scope (JSON: a day and the units granted; empty: none).
-- needs: published
select set_config('role', $1::text, true), set_config('vunglom.scope', $2::text, true)
