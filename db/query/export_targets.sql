-- The stored targets of a province as rows of a bundle, in the order of its columns.
-- needs: persons
select measure, nullif(level, '') as level, nullif(code, '') as code, share, nullif(due_on, 'infinity') as due_on, source
from target
where province = @province
order by measure, level, code, share, due_on
