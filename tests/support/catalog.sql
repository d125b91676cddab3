-- catalog.sql: what a database holds, a line a fact, in the server's own words: two
-- databases with the same objects give the same lines. No OIDs, no positions of columns,
-- no sequence's position, no owners (who migrates owns). What extensions bring is theirs,
-- and schema schemac is ours. For any client; the caller sets search_path = pg_catalog,
-- so that all is qualified.
with
names as (
    select oid, nspname::text as n from pg_namespace
     where nspname !~ '^pg_' and nspname not in ('information_schema', 'schemac')
),
brought as (
    select classid, objid from pg_depend
     where deptype = 'e' and refclassid = 'pg_extension'::regclass
),
relations as (
    select c.*, names.n || '.' || c.relname as name from pg_class c
      join names on names.oid = c.relnamespace
     where not exists (select from brought b
                        where b.classid = 'pg_class'::regclass and b.objid = c.oid)
),
routines as (
    select p.*, p.oid::regprocedure::text as name from pg_proc p
      join names on names.oid = p.pronamespace
     where not exists (select from brought b
                        where b.classid = 'pg_proc'::regclass and b.objid = p.oid)
),
types as (
    select t.*, names.n || '.' || t.typname as name from pg_type t
      join names on names.oid = t.typnamespace
     where not exists (select from brought b
                        where b.classid = 'pg_type'::regclass and b.objid = t.oid)
),
facts(line) as (
    select format('schema %s', n) from names
    union all
    select format('extension %s %s %s', extname, extversion, extnamespace::regnamespace)
      from pg_extension
    union all
    select format('enum %s: %s', t.name, string_agg(quote_literal(e.enumlabel), ', '
                                                    order by e.enumsortorder))
      from types t left join pg_enum e on e.enumtypid = t.oid
     where t.typtype = 'e' group by t.name
    union all
    select format('domain %s %s not null %s default %s collate %s', name,
                  format_type(typbasetype, typtypmod), typnotnull, typdefault,
                  nullif(typcollation, 0)::regcollation)
      from types where typtype = 'd'
    union all
    select format('range %s over %s', t.name, r.rngsubtype::regtype)
      from types t join pg_range r on r.rngtypid = t.oid
    union all
    select format('sequence %s %s start %s increment %s min %s max %s cache %s cycle %s',
                  c.name, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin,
                  s.seqmax, s.seqcache, s.seqcycle)
      from relations c join pg_sequence s on s.seqrelid = c.oid
    union all
    select format('sequence %s belongs to %s.%s (%s)', c.name, d.refobjid::regclass,
                  a.attname, d.deptype)
      from relations c
      join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid
       and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
      join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where c.relkind = 'S' and d.deptype in ('a', 'i')
    union all
    select format('relation %s kind %s persistence %s with %s tablespace %s security %s %s'
                  ' replica %s rights %s partition %s %s of type %s', name,
                  relkind, relpersistence, reloptions, reltablespace, relrowsecurity,
                  relforcerowsecurity, relreplident, relacl,
                  pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid),
                  nullif(reloftype, 0)::regtype)
      from relations where relkind not in ('i', 'I', 'S')
    union all
    select format('column %s.%s %s not null %s default %s identity %s generated %s'
                  ' collate %s storage %s compression %s options %s rights %s local %s',
                  c.name, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                  pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
                  nullif(a.attcollation, 0)::regcollation, a.attstorage,
                  a.attcompression,
                  -- Version 15.20 keeps a number of its own among them.
                  (select array_agg(o order by o) from unnest(a.attoptions) o
                    where o !~ '^pg_attver='), a.attacl, a.attislocal)
      from relations c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where c.relkind not in ('i', 'I', 'S')
    union all
    select format('constraint %s on %s %s: %s valid %s noinherit %s', k.conname,
                  case when k.conrelid <> 0 then k.conrelid::regclass::text
                       else k.contypid::regtype::text end,
                  k.contype, pg_get_constraintdef(k.oid), k.convalidated, k.connoinherit)
      from pg_constraint k join names on names.oid = k.connamespace
     where k.contype <> 't'
       and not exists (select from brought b where b.objid in (k.conrelid, k.contypid))
    union all
    select format('index %s: %s valid %s clustered %s replica %s tablespace %s', c.name,
                  pg_get_indexdef(i.indexrelid), i.indisvalid and i.indisready,
                  i.indisclustered, i.indisreplident, c.reltablespace)
      from relations c join pg_index i on i.indexrelid = c.oid
    union all
    select format('inheritance %s of %s', h.inhrelid::regclass, h.inhparent::regclass)
      from relations c join pg_inherits h on h.inhrelid = c.oid
    union all
    select format('view %s: %s', name, pg_get_viewdef(oid))
      from relations where relkind in ('v', 'm')
    union all
    select format('routine %s rights %s: %s', name, proacl,
                  case prokind when 'a' then 'aggregate' else pg_get_functiondef(oid) end)
      from routines
    union all
    select format('trigger %s enabled %s', pg_get_triggerdef(t.oid), t.tgenabled)
      from pg_trigger t join relations c on c.oid = t.tgrelid where not t.tgisinternal
    union all
    select format('rule %s', pg_get_ruledef(r.oid))
      from pg_rewrite r join relations c on c.oid = r.ev_class
     where r.rulename <> '_RETURN'
    union all
    select format('policy %s on %s %s %s to %s using %s check %s', p.polname, c.name,
                  p.polcmd, p.polpermissive, p.polroles::regrole[],
                  pg_get_expr(p.polqual, p.polrelid),
                  pg_get_expr(p.polwithcheck, p.polrelid))
      from pg_policy p join relations c on c.oid = p.polrelid
    union all
    select format('statistics %s', pg_get_statisticsobjdef(s.oid))
      from pg_statistic_ext s join names on names.oid = s.stxnamespace
    union all
    select format('rights on schema %s: %s', n, nspacl)
      from names join pg_namespace using (oid)
     where nspacl is not null and n <> 'public'
    union all
    select format('default rights %s %s %s %s', defaclrole::regrole,
                  nullif(defaclnamespace, 0)::regnamespace, defaclobjtype, defaclacl)
      from pg_default_acl
    union all
    select format('comment on %s %s: %s', i.type, i.identity, d.description)
      from pg_description d,
           lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i
     -- FirstNormalObjectId of src/include/access/transam.h; what came with the server
     -- is told of by its name
     where (d.objoid >= 16384
            or d.classoid in ('pg_extension'::regclass, 'pg_namespace'::regclass))
       and (coalesce(i.schema, i.identity) in (select n from names)
            or d.classoid in ('pg_extension'::regclass, 'pg_constraint'::regclass,
                              'pg_trigger'::regclass, 'pg_policy'::regclass))
)
select line from facts order by line collate "C"
