/* queries.c: the catalog queries for what a schema file holds. Must not know what becomes
 * of the answers. */
#include "queries.h"

#include "scope.h"

/* clang-format off */

const char query_settings[] =
    "select set_config(name, value, true) from (values"
    " ('search_path', ''), ('datestyle', 'ISO, YMD'), ('intervalstyle', 'postgres'),"
    " ('timezone', 'UTC'), ('extra_float_digits', '1'), ('bytea_output', 'hex'),"
    " ('quote_all_identifiers', 'off'), ('lc_monetary', 'C'), ('xmloption', 'content'),"
    " ('jit', 'off'), ('statement_timeout', '0'),"
    " ('standard_conforming_strings', 'on')) s (name, value)";

const char query_schemas[] =
    SCOPE
    "select s.oid, s.nspname,"
    " case when s.nspname = 'public' and d.description = 'standard public schema'"
    "  then null else d.description end,"
    " s.nspname = 'public' and d.description is null"
    " from spaces s"
    " left join pg_description d on d.classoid = 'pg_namespace'::regclass"
    "  and d.objoid = s.oid and d.objsubid = 0"
    " order by s.nspname collate \"C\"";

const char query_extensions[] =
    SCOPE
    "select x.oid, x.extname, n.nspname,"
    " nullif(obj_description(x.oid, 'pg_extension'), a.comment)"
    " from pg_extension x"
    " join pg_namespace n on n.oid = x.extnamespace"
    " left join pg_available_extensions() a on a.name = x.extname"
    " where x.extname <> 'plpgsql' and (select count(*) >= 0 from spaces)"
    " order by x.extname collate \"C\"";

const char query_enums[] =
    SCOPE
    "select t.oid, t.typnamespace, t.typname, obj_description(t.oid, 'pg_type')"
    " from pg_type t join spaces s on s.oid = t.typnamespace"
    " where t.typtype = 'e'" NOT_MEMBER("pg_type", "t.oid")
    " order by t.typname collate \"C\"";

const char query_labels[] =
    SCOPE
    "select e.enumtypid, e.enumlabel"
    " from pg_enum e join pg_type t on t.oid = e.enumtypid"
    " join spaces s on s.oid = t.typnamespace"
    " order by e.enumtypid, e.enumsortorder";

const char query_domains[] =
    SCOPE
    "select m.oid, m.typnamespace, m.typname, obj_description(m.oid, 'pg_type'),"
    " m.typnotnull, coalesce(pg_get_expr(m.typdefaultbin, 'pg_type'::regclass),"
    "  quote_literal(m.typdefault)),"
    " case when m.typcollation <> t.typcollation then" COLLATION_OF("m.typcollation")
    " end," TYPE_COLUMNS("m.typtypmod")
    " from pg_type m join spaces s on s.oid = m.typnamespace" TYPE_JOINS("m.typbasetype")
    " where m.typtype = 'd'" NOT_MEMBER("pg_type", "m.oid")
    " order by m.typname collate \"C\"";

const char query_domain_checks[] =
    SCOPE
    "select c.oid, c.contypid, c.conname, obj_description(c.oid, 'pg_constraint'),"
    " pg_get_expr(c.conbin, 'pg_type'::regclass),"
    " case when not c.convalidated then 'it is not valid' end"
    " from pg_constraint c join pg_type t on t.oid = c.contypid"
    " join spaces s on s.oid = t.typnamespace"
    " where c.contype = 'c'"
    " order by c.conname collate \"C\"";

const char query_tables[] =
    SCOPE
    "select c.oid, c.relnamespace, c.relname,"
    " obj_description(c.oid, 'pg_class'), c.relpersistence = 'u'," OPTIONS_OF("c") ","
    " sp.spcname,"
    " case when c.relkind = 'p' and c.relispartition"
    "   then 'it is a partition and partitioned itself'"
    "  when c.relkind = 'p' then 'it is partitioned'"
    "  when c.relispartition then 'it is a partition'"
    "  when exists (select from pg_inherits h where h.inhrelid = c.oid)"
    "   then 'it inherits from another table'"
    "  when c.reloftype <> 0 then 'it is a table of a type'"
    "  when am.amname <> 'heap' then 'its access method is ' || am.amname end"
    " from pg_class c join spaces s on s.oid = c.relnamespace"
    " left join pg_am am on am.oid = c.relam"
    " left join pg_tablespace sp on sp.oid = c.reltablespace"
    " left join pg_class toast on toast.oid = c.reltoastrelid"
    " where c.relkind in ('r', 'p')" NOT_MEMBER("pg_class", "c.oid")
    " order by c.relname collate \"C\"";

const char query_columns[] =
    SCOPE
    "select a.attrelid, a.attnum, a.attname, col_description(a.attrelid, a.attnum),"
    " a.attnotnull, pg_get_expr(d.adbin, d.adrelid),"
    " case when a.attcollation <> t.typcollation then" COLLATION_OF("a.attcollation")
    " end,"
    " case when a.attstorage <> t.typstorage then case a.attstorage"
    "  when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended'"
    "  when 'm' then 'main' end end,"
    " case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end,"
    " a.attidentity, a.attgenerated,"
    " case when a.attgenerated = 'v' then 'it is generated when it is read' end,"
    TYPE_COLUMNS("a.atttypmod")
    " from pg_attribute a join pg_class c on c.oid = a.attrelid"
    " join spaces s on s.oid = c.relnamespace"
    " left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum"
    TYPE_JOINS("a.atttypid")
    " where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped"
    " order by a.attrelid, a.attnum";

const char query_sequences[] =
    SCOPE
    "select c.oid, c.relnamespace, c.relname, obj_description(c.oid, 'pg_class'),"
    " format_type(q.seqtypid, null), q.seqstart, q.seqincrement, q.seqmin, q.seqmax,"
    " q.seqcache, q.seqcycle, d.refobjid, d.refobjsubid, d.deptype,"
    " c.relpersistence = 'u',"
    " (select count(*) > 1 from pg_depend n where n.classid = 'pg_attrdef'::regclass"
    "  and n.refclassid = 'pg_class'::regclass and n.refobjid = c.oid)"
    " from pg_class c join spaces s on s.oid = c.relnamespace"
    " join pg_sequence q on q.seqrelid = c.oid"
    " left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid"
    "  and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0"
    "  and d.deptype in ('a', 'i')"
    " where true" NOT_MEMBER("pg_class", "c.oid")
    " order by c.relname collate \"C\"";

/* pg_constraint has more columns in some versions than in others. */
const char query_constraints[] =
    SCOPE
    "select k.oid, k.conrelid, k.conname, obj_description(k.oid, 'pg_constraint'),"
    " k.contype, array_to_string(k.conkey, ',')," INCLUDED
    ", k.confrelid, case when k.contype = 'f' then k.confrelid::regclass::text end,"
    " array_to_string(k.confkey, ','), k.confupdtype, k.confdeltype, k.confmatchtype,"
    " translate(j.j ->> 'confdelsetcols', '[] ', ''),"
    " k.condeferrable, k.condeferred, to_jsonb(i) -> 'indnullsnotdistinct',"
    " case when k.contype = 'c' then pg_get_expr(k.conbin, k.conrelid) end,"
    " case when k.contype = 'x' then pg_get_constraintdef(k.oid) end,"
    " pg_get_expr(i.indpred, i.indrelid), am.amname," OPTIONS_OF_INDEX
    ", sp.spcname, ic.oid,"
    " case when not k.convalidated then 'it is not valid'"
    "  when j.j -> 'conenforced' = 'false' then 'it is not enforced'"
    "  when j.j -> 'conperiod' = 'true' then 'it is over periods'"
    "  when not i.indisvalid then 'its index is not valid' end,"
    " k.contype = 'c' and k.connoinherit"
    " from pg_constraint k join pg_class c on c.oid = k.conrelid"
    " join spaces s on s.oid = c.relnamespace"
    " left join lateral (select to_jsonb(k) - 'conbin' as j) j on true"
    " left join pg_index i on i.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')"
    " left join pg_class ic on ic.oid = i.indexrelid"
    " left join pg_am am on am.oid = ic.relam"
    " left join pg_tablespace sp on sp.oid = ic.reltablespace"
    " where k.contype in ('p', 'u', 'f', 'c', 'x')"
    " order by k.conrelid, position(k.contype::text in 'pufcx'), k.conkey,"
    "  k.conname collate \"C\"";

const char query_indexes[] =
    SCOPE
    "select ic.oid, i.indrelid, ic.relname, obj_description(ic.oid, 'pg_class'),"
    " i.indisunique, to_jsonb(i) -> 'indnullsnotdistinct',"
    " pg_get_indexdef(ic.oid), am.amname,"
    " pg_get_expr(i.indpred, i.indrelid)," INCLUDED "," OPTIONS_OF_INDEX
    ", sp.spcname, case when not i.indisvalid then 'it is not valid' end"
    " from pg_index i join pg_class ic on ic.oid = i.indexrelid"
    " join pg_class c on c.oid = i.indrelid"
    " join spaces s on s.oid = c.relnamespace"
    " join pg_am am on am.oid = ic.relam"
    " left join pg_tablespace sp on sp.oid = ic.reltablespace"
    " where c.relkind in ('r', 'p') and not exists (select from pg_constraint k"
    "  where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))"
    " order by i.indrelid, i.indkey::int2[], ic.relname collate \"C\"";

/* clang-format on */
