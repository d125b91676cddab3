/* scope.h: pieces that several catalog queries share, as macros that give string literals.
 * Private to live/. */
#ifndef LIVE_SCOPE_H
#define LIVE_SCOPE_H

/* The schemas that are looked at: none of the server's own, none of an extension's. */
#define SCOPE                                                          \
    "with spaces as (select n.oid, n.nspname from pg_namespace n"      \
    " where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'" \
    " and n.nspname <> all ($1::text[])"                               \
    " and ($2::text[] is null or n.nspname = any ($2::text[]))"        \
    " and not exists (select from pg_depend e where e.deptype = 'e'"   \
    "  and e.classid = 'pg_namespace'::regclass and e.objid = n.oid)) "

/* Not part of an extension. */
#define NOT_MEMBER(class, oid)                                       \
    " and not exists (select from pg_depend e where e.deptype = 'e'" \
    " and e.classid = '" class "'::regclass and e.objid = " oid ")"

#define COLLATION_OF(oid)                                                      \
    " (select case when n.nspname = 'pg_catalog' then quote_ident(l.collname)" \
    "  else format('%I.%I', n.nspname, l.collname) end"                        \
    "  from pg_collation l join pg_namespace n on n.oid = l.collnamespace"     \
    "  where l.oid = " oid ")"

/* t is the type, e its element when it is an array, b whichever it is. */
#define TYPE_JOINS(oid)                                           \
    " join pg_type t on t.oid = " oid                             \
    " left join pg_type e on e.oid = t.typelem and t.typlen = -1" \
    "  and t.typinput = 'array_in'::regproc"                      \
    " join pg_type b on b.oid = coalesce(e.oid, t.oid)"           \
    " join pg_namespace bn on bn.oid = b.typnamespace"

/* the element's text, its name, its schema, its typtype, whether an array, the extension
 * it is of, and the whole as a cast writes it */
#define TYPE_COLUMNS(modifier)                                                      \
    " format_type(b.oid, " modifier "), b.typname, bn.nspname, b.typtype,"          \
    " e.oid is not null,"                                                           \
    " (select x.extname from pg_depend p join pg_extension x on x.oid = p.refobjid" \
    "  where p.classid = 'pg_type'::regclass and p.objid = b.oid"                   \
    "  and p.deptype = 'e' limit 1),"                                               \
    " format_type(t.oid, -1)"

#define OPTION_LIST(relation, prefix)                                     \
    "select '" prefix "' || split_part(o, '=', 1) || ' = ' ||"            \
    " case when substr(o, position('=' in o) + 1) ~ '^[A-Za-z0-9_.+-]+$'" \
    "  then substr(o, position('=' in o) + 1)"                            \
    "  else quote_literal(substr(o, position('=' in o) + 1)) end as item" \
    " from unnest(" relation ".reloptions) o"
/* needs the relation and its toast table as "toast" */
#define OPTIONS_OF(relation)                              \
    " (select string_agg(item, ', ') from (" OPTION_LIST( \
        relation, "") " union all " OPTION_LIST("toast", "toast.") ") o)"
#define OPTIONS_OF_INDEX \
    " (select string_agg(item, ', ') from (" OPTION_LIST("ic", "") ") o)"

/* the numbers of the columns that index i includes */
#define INCLUDED                                                   \
    " (select string_agg(n::text, ',' order by at)"                \
    "  from unnest(i.indkey::int2[]) with ordinality as u (n, at)" \
    "  where at > i.indnkeyatts)"

#endif
