-- The rows of STAGE whose hamlet was named by its name: file, line, column, value, code, message.
select n.file, n.line, 'hamlet_code', n.name, 'name_for_code',
       format('%s is the name of a hamlet of commune %s; it is taken as its code %s; write the code', n.name, s.commune_code, n.code)
from hamlet_named n join STAGE s on s.file = n.file and s.line = n.line
where n.code is not null
order by n.file, n.line
