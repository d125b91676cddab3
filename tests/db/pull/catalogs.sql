-- The catalogs that hold rows of objects made after initdb.
create function pg_temp.catalogs() returns setof text language plpgsql as $$
declare
    catalog text;
    found_ bool;
begin
    for catalog in
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r'
           and a.attname = 'oid' and not c.relisshared order by 1
    loop
        execute format('select exists (select from pg_catalog.%I where oid >= 16384)',
                       catalog) into found_;
        if found_ then
            return next catalog;
        end if;
    end loop;
end
$$;
select pg_temp.catalogs();
