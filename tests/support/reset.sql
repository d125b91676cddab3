-- reset.sql: a database without anything of a user's, as a new one is. The schema public
-- stays, for a new one would not have the same rights.
set client_min_messages = error;
do $reset$
declare
    it record;
begin
    for it in select quote_ident(extname) as name from pg_extension
               where extname <> 'plpgsql' loop
        execute 'drop extension ' || it.name || ' cascade';
    end loop;
    for it in select quote_ident(nspname) as name from pg_namespace
               where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')
    loop
        execute 'drop schema ' || it.name || ' cascade';
    end loop;
    for it in select case i.type when 'materialized view' then i.type
                                 when 'partitioned table' then 'table'
                                 when 'statistics object' then 'statistics'
                                 else i.type end as type, i.identity as name
                from pg_depend d, lateral pg_identify_object(d.classid, d.objid, 0) i
               where d.refclassid = 'pg_namespace'::regclass
                 and d.refobjid = 'public'::regnamespace and i.type <> 'default acl'
               order by i.type in ('sequence', 'function', 'type'), d.objid desc loop
        begin
            execute format('drop %s if exists %s cascade', it.type, it.name);
        exception when undefined_object or undefined_function then
        end;
    end loop;
    for it in select quote_ident(evtname) as name from pg_event_trigger loop
        execute 'drop event trigger ' || it.name;
    end loop;
    for it in select quote_ident(pubname) as name from pg_publication loop
        execute 'drop publication ' || it.name;
    end loop;
end
$reset$;
-- Rights, as initdb gave them; no statement takes all of them back.
delete from pg_default_acl;
alter schema public owner to pg_database_owner;
update pg_namespace
   set nspacl = (select initprivs from pg_init_privs
                  where classoid = 'pg_namespace'::regclass
                    and objoid = 'public'::regnamespace)
 where nspname = 'public';
comment on schema public is 'standard public schema';
comment on extension plpgsql is 'PL/pgSQL procedural language';
discard all;
