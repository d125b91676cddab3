/* queries_lost.c: the catalog queries for what a schema file cannot hold: every object
 * there is, by catalog, and what objects have beside their definition. Must not know which
 * of them the file has. Queries are cut where C says that a string may not be longer. */
#include "queries.h"
#include "scope.h"

/* clang-format off */

/* Objects below 16384 are initdb's (FirstNormalObjectId in src/include/access/transam.h).
 * Whatever depends internally on another object (array types, rows' types, a constraint's
 * index) is part of it. */
#define PLAIN(class, oid, space)                                                     \
    " union all select '" class "'::regclass, " oid ", " space ", 0::oid from " class
#define PART(class, oid, table)                                                      \
    " union all select '" class "'::regclass, p." oid ", c.relnamespace, c.oid from " \
    class " p join pg_class c on c.oid = p." table

/* "class, oid, space, owner" of objects to what query_objects gives. */
#define OBJECTS_END                                                                  \
    ")"                                                                              \
    "select o.class::oid, o.oid, o.owner, i.type, i.identity"                        \
    " from objects o, pg_identify_object(o.class, o.oid, 0) i"                       \
    " where o.oid >= 16384"                                                          \
    " and case when o.space = 0 then $2::text[] is null"                             \
    "  else o.space in (select oid from spaces) or $2::text[] is null"               \
    "   and exists (select from pg_depend e join pg_namespace n on n.oid = o.space"  \
    "    where e.classid = 'pg_namespace'::regclass and e.objid = n.oid"             \
    "    and e.deptype = 'e') end"                                                   \
    " and not exists (select from pg_depend e where e.classid = o.class"             \
    "  and e.objid = o.oid and e.deptype in ('e', 'i') and e.refobjid <> o.oid)"

const char query_objects[] =
    SCOPE
    ", objects (class, oid, space, owner) as ("
    " select 'pg_class'::regclass, c.oid, c.relnamespace, coalesce(i.indrelid, 0)"
    "  from pg_class c left join pg_index i on i.indexrelid = c.oid"
    PLAIN("pg_type", "oid", "typnamespace")
    PLAIN("pg_proc", "oid", "pronamespace")
    PLAIN("pg_operator", "oid", "oprnamespace")
    PLAIN("pg_opclass", "oid", "opcnamespace")
    PLAIN("pg_opfamily", "oid", "opfnamespace")
    PLAIN("pg_conversion", "oid", "connamespace")
    PLAIN("pg_collation", "oid", "collnamespace")
    PLAIN("pg_statistic_ext", "oid", "stxnamespace")
    PLAIN("pg_ts_config", "oid", "cfgnamespace")
    PLAIN("pg_ts_dict", "oid", "dictnamespace")
    PLAIN("pg_ts_parser", "oid", "prsnamespace")
    PLAIN("pg_ts_template", "oid", "tmplnamespace")
    OBJECTS_END
    " order by 4, 5";

const char query_others[] =
    SCOPE
    ", objects (class, oid, space, owner) as ("
    " select 'pg_constraint'::regclass, oid, connamespace,"
    "  case when conrelid <> 0 then conrelid else contypid end from pg_constraint"
    "  where contype <> 'n'"
    PLAIN("pg_amop", "oid", "0") " where amopfamily < 16384"
    PLAIN("pg_amproc", "oid", "0") " where amprocfamily < 16384"
    PLAIN("pg_cast", "oid", "0")
    PLAIN("pg_language", "oid", "0")
    PLAIN("pg_am", "oid", "0")
    PLAIN("pg_event_trigger", "oid", "0")
    PLAIN("pg_foreign_data_wrapper", "oid", "0")
    PLAIN("pg_foreign_server", "oid", "0")
    PLAIN("pg_transform", "oid", "0")
    PLAIN("pg_publication", "oid", "0")
    PLAIN("pg_publication_namespace", "oid", "pnnspid")
    PLAIN("pg_default_acl", "oid", "defaclnamespace")
    PLAIN("pg_namespace", "oid", "oid")
    PLAIN("pg_extension", "oid", "0")
    PART("pg_rewrite", "oid", "ev_class")
    PART("pg_trigger", "oid", "tgrelid")
    PART("pg_policy", "oid", "polrelid")
    PART("pg_publication_rel", "oid", "prrelid")
    " union all select 'pg_user_mapping'::regclass, umid, 0, 0 from pg_user_mappings"
    " union all select 'pg_subscription'::regclass, s.oid, 0, 0 from pg_subscription s"
    "  where subdbid = (select d.oid from pg_database d"
    "   where datname = current_database())"
    OBJECTS_END
    " union all select 'pg_largeobject_metadata'::regclass::oid, 0, 0, 'large objects',"
    "  count(*)::text from pg_largeobject_metadata"
    "  where $2::text[] is null having count(*) > 0"
    " order by 4, 5";

const char query_needs[] =
    SCOPE
    "select d.refclassid::oid, d.refobjid, min(pg_describe_object("
    "  coalesce(case when a.oid is not null then 'pg_class'::regclass end, d.classid),"
    "  coalesce(a.adrelid, d.objid), coalesce(a.adnum, d.objsubid)) collate \"C\")"
    " from pg_depend d left join pg_attrdef a on a.oid = d.objid"
    "  and d.classid = 'pg_attrdef'::regclass"
    " left join pg_class c on c.oid = d.objid and d.classid = 'pg_class'::regclass"
    " where d.refobjid >= 16384 and d.deptype in ('n', 'a')"
    " and d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass,"
    "  'pg_collation'::regclass, 'pg_opclass'::regclass, 'pg_ts_config'::regclass,"
    "  'pg_ts_dict'::regclass, 'pg_type'::regclass)"
    " and (d.classid in ('pg_attrdef'::regclass, 'pg_constraint'::regclass)"
    "  or c.relkind in ('r', 'i'))"
    " and (select count(*) >= 0 from spaces)"
    " group by 1, 2";

/* Rights that differ from those an object gets when it is made. A right of initdb's own
 * stands in pg_init_privs. */
#define RIGHTS(kind, class, oid, acl, type, owner)                                   \
    " union all select " kind ", '" class "'::regclass, " oid ", " acl ", coalesce(" \
    "(select p.initprivs from pg_init_privs p where p.objoid = " oid                 \
    " and p.classoid = '" class "'::regclass and p.objsubid = 0), acldefault(" type  \
    ", " owner ")), " owner

#define SORTED(acl) "array(select a::text from unnest(" acl ") a order by 1)"

#define RELATIONS                                                                    \
    ", relations as (select c.* from pg_class c join spaces s on s.oid = c.relnamespace" \
    "  where c.relkind in ('r', 'S')" NOT_MEMBER("pg_class", "c.oid") ")"

const char query_rights[] =
    SCOPE RELATIONS
    ", held (kind, class, oid, acl, usual, owner) as ("
    "select case c.relkind when 'S' then 'sequence' else 'table' end,"
    " 'pg_class'::regclass, c.oid, c.relacl, acldefault("
    "  case c.relkind when 'S' then 's' else 'r' end::\"char\", c.relowner), c.relowner"
    " from relations c"
    RIGHTS("'schema'", "pg_namespace", "n.oid", "n.nspacl", "'n'", "n.nspowner")
    "  from pg_namespace n join spaces using (oid)"
    RIGHTS("'type'", "pg_type", "t.oid", "t.typacl", "'T'", "t.typowner")
    "  from pg_type t join spaces s on s.oid = t.typnamespace"
    "  where t.typtype in ('e', 'd')" NOT_MEMBER("pg_type", "t.oid")
    RIGHTS("'function'", "pg_proc", "f.oid", "f.proacl", "'f'", "f.proowner")
    "  from pg_proc f where f.oid < 16384 and f.proacl is not null"
    "  and $2::text[] is null"
    RIGHTS("'language'", "pg_language", "l.oid", "l.lanacl", "'l'", "l.lanowner")
    "  from pg_language l where l.oid < 16384 and l.lanacl is not null"
    "  and $2::text[] is null"
    " union all select 'relation', 'pg_class'::regclass, c.oid, c.relacl, p.initprivs,"
    "  c.relowner"
    "  from pg_class c left join pg_init_privs p on p.objoid = c.oid and p.objsubid = 0"
    "   and p.classoid = 'pg_class'::regclass"
    "  where c.oid < 16384 and c.relacl is not null and $2::text[] is null"
    "  and c.relnamespace = 'pg_catalog'::regnamespace"
    "), most (owner) as (select owner from held where oid >= 16384"
    "  group by owner order by count(*) desc, owner::regrole::text collate \"C\" limit 1)"
    "select 'privileges', i.type || ' ' || i.identity, 'the language has no grants',"
    " h.class::oid, h.oid from held h, pg_identify_object(h.class, h.oid, 0) i"
    " where h.acl is not null"
    " and " SORTED("h.acl") " <> " SORTED("coalesce(h.usual, '{}')")
    " union all select 'owner', i.type || ' ' || i.identity,"
    "  format('the language has no owners, and this one''s is %s while most are %s''s',"
    "   h.owner::regrole, m.owner::regrole), h.class::oid, h.oid"
    "  from held h, most m, pg_identify_object(h.class, h.oid, 0) i"
    "  where h.oid >= 16384 and h.owner <> m.owner"
    " order by 1, 2";

const char query_traits[] =
    SCOPE RELATIONS
    "select * from ("
    "select 'privileges', i.type || ' ' || i.identity,"
    "  'the language has no grants', 'pg_class'::regclass::oid, c.oid"
    "  from relations c join pg_attribute a on a.attrelid = c.oid,"
    "   pg_identify_object('pg_class'::regclass, c.oid, a.attnum) i"
    "  where a.attacl is not null and not a.attisdropped"
    " union all select v.kind, c.oid::regclass::text, v.why, 'pg_class'::regclass::oid,"
    "  c.oid from relations c, lateral (values"
    "   (c.relrowsecurity, 'row level security', 'the language does not have it'),"
    "   (c.relforcerowsecurity, 'forced row level security',"
    "    'the language does not have it'),"
    "   (c.relkind = 'r' and c.relreplident <> 'd', 'replica identity',"
    "    'the language does not have it')) v (found, kind, why) where v.found"
    " union all select v.kind, i.identity, 'the language does not have it',"
    "  'pg_class'::regclass::oid, c.oid"
    "  from relations c join pg_attribute a on a.attrelid = c.oid,"
    "   pg_identify_object('pg_class'::regclass, c.oid, a.attnum) i,"
    "   lateral (values"
    "   (coalesce(a.attstattarget, -1) >= 0, 'statistics target of a column'),"
    /* Version 15.20 keeps a number of its own among a column's options. */
    "   (exists (select from unnest(a.attoptions) o where o !~ '^pg_attver='),"
    "    'options of a column')) v (found, kind)"
    "  where v.found and a.attnum > 0 and not a.attisdropped"
    " union all select v.kind, x.indexrelid::regclass::text,"
    "  'the language does not have it', 'pg_class'::regclass::oid, c.oid"
    "  from relations c join pg_index x on x.indrelid = c.oid, lateral (values"
    "   (x.indisclustered, 'clustering'),"
    "   (exists (select from pg_attribute a where a.attrelid = x.indexrelid"
    "    and coalesce(a.attstattarget, -1) >= 0),"
    "    'statistics target of an index')) v (found, kind) where v.found"
    " union all select distinct 'disabled foreign key', c.oid::regclass::text,"
    "  'its triggers are off', 'pg_class'::regclass::oid, c.oid"
    "  from relations c join pg_trigger g on g.tgrelid = c.oid"
    "  where g.tgisinternal and g.tgenabled <> 'O'"
    " union all select 'security label', l.objtype || ' ' || l.objname,"
    "  'the language has no security labels', l.classoid, l.objoid"
    "  from pg_seclabels l where l.classoid not in ('pg_database'::regclass,"
    "   'pg_authid'::regclass, 'pg_tablespace'::regclass) and $2::text[] is null"
    ") t (kind, name, why, class, oid) order by 1, 2";

/* clang-format on */
