/* catalog_sql.c: see catalog_sql.h. Must not know what is done with the answer. */
#include "catalog_sql.h"

/* C promises 4095 characters; gcc and clang take more, and one query it has to be. */
#pragma GCC diagnostic ignored "-Woverlength-strings"

const char sc__catalog_settings[] =
    "select set_config(name, value, true) from (values"
    " ('search_path', 'pg_catalog'), ('datestyle', 'ISO, YMD'),"
    " ('intervalstyle', 'postgres'), ('timezone', 'UTC'), ('extra_float_digits', '1'),"
    " ('bytea_output', 'hex'), ('quote_all_identifiers', 'off'), ('lc_monetary', 'C'),"
    " ('xmloption', 'content'), ('standard_conforming_strings', 'on')) s (name, value)";

/* clang-format off */

/* Each part is "select kind, classid, objid, objsubid, space, identity, definition". */
#define SPACES                                                                          \
    "with spaces as (select oid, nspname from pg_namespace where nspname !~ '^pg_'"     \
    " and nspname <> 'information_schema' and nspname <> $1),"                          \
    " members as (select classid, objid from pg_depend where deptype = 'e'),"           \
    " relations as (select c.*, format('%I.%I', s.nspname, c.relname) as name,"         \
    "   quote_ident(s.nspname) as space"                                                \
    "  from pg_class c join spaces s on s.oid = c.relnamespace"                         \
    "  where not exists (select from members m where m.objid = c.oid"                   \
    "   and m.classid = 'pg_class'::regclass)),"

#define SCHEMAS                                                                         \
    " select 'schema', 'pg_namespace'::regclass, oid, 0, quote_ident(nspname),"         \
    "  quote_ident(nspname), ''"                                                        \
    "  from spaces"                                                                     \
    " union all select 'extension', 'pg_extension'::regclass, x.oid, 0, null,"          \
    "  quote_ident(x.extname), format('version %s schema %I', x.extversion, n.nspname)" \
    "  from pg_extension x join pg_namespace n on n.oid = x.extnamespace"

/* Of tables, views and sequences: all but columns and keys. */
#define RELATIONS                                                                       \
    " union all select case c.relkind when 'r' then 'table' when 'p' then 'table'"      \
    "  when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'" \
    "  when 'f' then 'foreign table' else 'composite type' end,"                        \
    "  'pg_class'::regclass, c.oid, 0, c.space, c.name, concat_ws(' ',"                 \
    "   case c.relpersistence when 'u' then 'unlogged' end,"                            \
    "   'with (' || array_to_string(c.reloptions, ', ') || ')',"                        \
    "   'tablespace ' || t.spcname, 'using ' || am.amname,"                             \
    "   'partition by ' || pg_get_partkeydef(c.oid),"                                   \
    "   (select 'inherits ' || string_agg(h.inhparent::regclass::text, ', '"            \
    "    order by h.inhseqno) from pg_inherits h where h.inhrelid = c.oid),"            \
    "   pg_get_expr(c.relpartbound, c.oid),"                                            \
    "   case when c.reloftype <> 0 then 'of ' || c.reloftype::regtype end,"             \
    "   case when c.relrowsecurity then 'row level security' end,"                      \
    "   case when c.relforcerowsecurity then 'forced' end,"                             \
    "   case when c.relkind in ('r', 'p') then case c.relreplident"                     \
    "    when 'f' then 'replica identity full' when 'n' then 'replica identity nothing'" \
    "    when 'i' then 'replica identity index' end end,"                               \
    "   case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end,"              \
    "   (select format('as %s start %s increment %s min %s max %s cache %s%s',"         \
    "     q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmin, q.seqmax,"         \
    "     q.seqcache, case when q.seqcycle then ' cycle' end)"                          \
    "    from pg_sequence q where q.seqrelid = c.oid),"                                 \
    "   (select 'owned by ' || pg_describe_object(d.refclassid, d.refobjid,"            \
    "     d.refobjsubid) from pg_depend d where d.objid = c.oid and c.relkind = 'S'"    \
    "     and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')"             \
    "     and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 limit 1),"      \
    "   (select 'server ' || s.srvname || ' ' || array_to_string(f.ftoptions, ', ')"    \
    "    from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver"        \
    "    where f.ftrelid = c.oid))"                                                     \
    "  from relations c left join pg_tablespace t on t.oid = c.reltablespace"           \
    "  left join pg_am am on am.oid = c.relam and am.amname <> 'heap'"                  \
    "  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'c')"

#define COLUMNS                                                                         \
    " union all select 'column', 'pg_class'::regclass, c.oid, a.attnum, c.space,"       \
    "  c.name || '.' || quote_ident(a.attname), concat_ws(' ',"                         \
    "   format_type(a.atttypid, a.atttypmod),"                                          \
    "   case when a.attcollation <> t.typcollation then 'collate '"                     \
    "    || a.attcollation::regcollation end,"                                          \
    "   case when a.attnotnull then 'not null' end,"                                    \
    "   case a.attidentity when 'a' then 'identity' when 'd'"                           \
    "    then 'identity by default' end,"                                               \
    "   case when a.attgenerated <> '' then 'generated' when d.oid is not null"         \
    "    then 'default' end, pg_get_expr(d.adbin, d.adrelid),"                          \
    "   case when a.attstorage <> t.typstorage"                                         \
    "    then 'storage ' || a.attstorage::text end,"                                    \
    "   case when a.attcompression <> ''"                                               \
    "    then 'compression ' || a.attcompression::text end,"                            \
    "   'options ' || array_to_string(a.attfdwoptions, ', '))"                          \
    "  from relations c join pg_attribute a on a.attrelid = c.oid"                      \
    "  join pg_type t on t.oid = a.atttypid"                                            \
    "  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum"         \
    "  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'c') and a.attnum > 0"              \
    "  and not a.attisdropped"

#define KEYS                                                                            \
    " union all select 'constraint', 'pg_constraint'::regclass, k.oid, 0,"              \
    "  (select quote_ident(s.nspname) from spaces s where s.oid = k.connamespace),"     \
    "  format('%I on %s', k.conname, coalesce(c.name, k.contypid::regtype::text)),"     \
    "  pg_get_constraintdef(k.oid) || case when k.contype in ('p', 'u', 'x')"           \
    "   then coalesce((select concat_ws(' ', '', 'with (' ||"                           \
    "     array_to_string(i.reloptions, ', ') || ')', 'tablespace ' || t.spcname)"      \
    "    from pg_class i left join pg_tablespace t on t.oid = i.reltablespace"          \
    "    where i.oid = k.conindid), '') else '' end"                                    \
    "  from pg_constraint k left join relations c on c.oid = k.conrelid"                \
    "  where k.contype <> 't' and (c.oid is not null or k.contypid in (select t.oid"    \
    "   from pg_type t join spaces s on s.oid = t.typnamespace where not exists"        \
    "   (select from members m where m.objid = t.oid"                                   \
    "    and m.classid = 'pg_type'::regclass)))"                                        \
    " union all select 'index', 'pg_class'::regclass, i.oid, 0, i.space, i.name,"       \
    "  concat_ws(' ',"                                                                  \
    "   pg_get_indexdef(i.oid), 'tablespace ' || t.spcname,"                            \
    "   case when not x.indisvalid then 'invalid' end,"                                 \
    "   case when x.indisreplident then 'replica identity' end,"                        \
    "   case when x.indisclustered then 'clustered' end)"                               \
    "  from relations i join pg_index x on x.indexrelid = i.oid"                        \
    "  left join pg_tablespace t on t.oid = i.reltablespace"                            \
    "  where not exists (select from pg_constraint k where k.conindid = i.oid"          \
    "   and k.contype in ('p', 'u', 'x'))"

#define TYPES                                                                           \
    " union all select case t.typtype when 'e' then 'enum' when 'd' then 'domain'"      \
    "  when 'r' then 'range type' else 'type' end, 'pg_type'::regclass, t.oid, 0, quote_ident(s.nspname)," \
    "  format('%I.%I', s.nspname, t.typname), concat_ws(' ',"                           \
    "   (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)"  \
    "    from pg_enum e where e.enumtypid = t.oid),"                                    \
    "   case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end,"    \
    "   case when t.typtype = 'd' and t.typcollation <> b.typcollation then 'collate '" \
    "    || t.typcollation::regcollation end,"                                          \
    "   case when t.typnotnull then 'not null' end, 'default ' || t.typdefault,"        \
    "   (select 'of ' || r.rngsubtype::regtype || ' by ' || o.opcname from pg_range r"  \
    "    join pg_opclass o on o.oid = r.rngsubopc where r.rngtypid = t.oid))"           \
    "  from pg_type t join spaces s on s.oid = t.typnamespace"                          \
    "  left join pg_type b on b.oid = t.typbasetype"                                    \
    "  where t.typtype in ('e', 'd', 'r', 'b') and t.typelem = 0 and not exists"        \
    "   (select from members m where m.classid = 'pg_type'::regclass"                   \
    "    and m.objid = t.oid)"

#define ROUTINES                                                                        \
    " union all select case f.prokind when 'f' then 'function' when 'p'"                \
    "  then 'procedure' when 'w' then 'window function' else 'aggregate' end,"          \
    "  'pg_proc'::regclass, f.oid, 0, quote_ident(s.nspname),"                          \
    "  f.oid::regprocedure::text, coalesce("                                            \
    "  case when f.prokind <> 'a' then pg_get_functiondef(f.oid) end,"                  \
    "  (select format('sfunc %s stype %s final %s init %L', g.aggtransfn,"              \
    "    g.aggtranstype::regtype, g.aggfinalfn, g.agginitval)"                          \
    "   from pg_aggregate g where g.aggfnoid = f.oid), '')"                             \
    "  from pg_proc f join spaces s on s.oid = f.pronamespace where not exists"         \
    "  (select from members m where m.classid = 'pg_proc'::regclass"                    \
    "   and m.objid = f.oid)"

#define RULES                                                                           \
    " union all select 'trigger', 'pg_trigger'::regclass, g.oid, 0, c.space,"           \
    "  format('%I on %s', g.tgname, c.name), concat_ws(' ', pg_get_triggerdef(g.oid),"  \
    "   case g.tgenabled when 'D' then 'disabled' when 'R' then 'replica'"              \
    "    when 'A' then 'always' end)"                                                   \
    "  from pg_trigger g join relations c on c.oid = g.tgrelid where not g.tgisinternal" \
    " union all select 'rule', 'pg_rewrite'::regclass, w.oid, 0, c.space,"              \
    "  format('%I on %s', w.rulename, c.name), pg_get_ruledef(w.oid)"                   \
    "  from pg_rewrite w join relations c on c.oid = w.ev_class"                        \
    "  where w.rulename <> '_RETURN'"                                                   \
    " union all select 'policy', 'pg_policy'::regclass, p.oid, 0, c.space,"             \
    "  format('%I on %s', p.polname, c.name), concat_ws(' ',"                           \
    "   case when not p.polpermissive then 'restrictive' end, 'for ' || p.polcmd::text," \
    "   'to ' || (select string_agg(case r when 0 then 'public' else"                   \
    "    r::regrole::text end, ', ') from unnest(p.polroles) r),"                       \
    "   'using ' || pg_get_expr(p.polqual, p.polrelid),"                                \
    "   'check ' || pg_get_expr(p.polwithcheck, p.polrelid))"                           \
    "  from pg_policy p join relations c on c.oid = p.polrelid"                         \
    " union all select 'statistics', 'pg_statistic_ext'::regclass, x.oid, 0,"           \
    "  quote_ident(s.nspname),"                                                         \
    "  format('%I.%I', s.nspname, x.stxname), pg_get_statisticsobjdef(x.oid)"           \
    "  from pg_statistic_ext x join spaces s on s.oid = x.stxnamespace"

/* Of these it is known that they are there. */
#define OTHER(class, space)                                                             \
    " union all select i.type, '" class "'::regclass, o.oid, 0, i.schema, i.identity, ''" \
    "  from " class " o cross join lateral"                                             \
    "   pg_identify_object('" class "'::regclass, o.oid, 0) i"                          \
    "  where o.oid >= 16384" space " and not exists (select from members m"             \
    "   where m.classid = '" class "'::regclass and m.objid = o.oid)"
#define IN(column) " and o." column " in (select oid from spaces)"
#define OTHERS                                                                          \
    OTHER("pg_operator", IN("oprnamespace")) OTHER("pg_opclass", IN("opcnamespace"))    \
    OTHER("pg_opfamily", IN("opfnamespace")) OTHER("pg_collation", IN("collnamespace")) \
    OTHER("pg_conversion", IN("connamespace")) OTHER("pg_ts_config", IN("cfgnamespace")) \
    OTHER("pg_ts_dict", IN("dictnamespace")) OTHER("pg_ts_parser", IN("prsnamespace"))  \
    OTHER("pg_ts_template", IN("tmplnamespace")) OTHER("pg_cast", "")                   \
    OTHER("pg_language", "") OTHER("pg_am", "") OTHER("pg_event_trigger", "")           \
    OTHER("pg_foreign_data_wrapper", "") OTHER("pg_foreign_server", "")                 \
    OTHER("pg_publication", "") OTHER("pg_publication_rel", "") OTHER("pg_transform", "")

const char sc__catalog_sql[] =
    SPACES
    " facts (kind, classid, objid, objsubid, space, identity, definition) as ("
    SCHEMAS RELATIONS COLUMNS KEYS TYPES ROUTINES RULES OTHERS
    ") select f.kind, f.identity, concat_ws(' ', nullif(f.definition, ''),"
    "  'comment ' || quote_literal(d.description)) as definition, f.space"
    " from facts f left join pg_description d on d.classoid = f.classid"
    "  and d.objoid = f.objid and d.objsubid = f.objsubid";

/* clang-format on */
