-- rows.sql: a few rows into every table of a database, by its catalog alone: values by
-- type, the k-th row refers to the k-th row of what it refers to, and the third leaves
-- out what may be left out. A table whose constraints none of the tries satisfies stays
-- empty. The same database gives the same rows but for what its defaults draw.

-- A value of the type as text; each try another kind of value, for checks.
create function pg_temp.value_of(type oid, typmod int, k int, try int) returns text
language plpgsql as $value$
declare
    t pg_type := (select x from pg_type x where x.oid = type);
    n int := case try when 0 then k when 1 then 10 * k when 2 then 1000 + k
                      when 3 then 17 + k when 4 then 0 when 5 then -k else 50 + k end;
    word text := case try when 0 then 'v' || k when 1 then 'v' || k || '@example.org'
                          when 2 then 'x' when 3 then 'https://v' || k || '.example.org'
                          when 4 then 'ABC' || k when 5 then '12345' || k
                          else repeat('word' || k, 8) end;
    day date := date '2020-01-01' + 40 * k;
begin
    if t.typtype = 'd' then
        return pg_temp.value_of(t.typbasetype, t.typtypmod, k, try);
    elsif t.typtype = 'e' then
        return (select enumlabel from pg_enum where enumtypid = type
                 order by enumsortorder
                offset (k + try - 1) % (select count(*) from pg_enum
                                         where enumtypid = type) limit 1);
    elsif t.typcategory = 'A' and t.typelem <> 0 then
        return array[pg_temp.value_of(t.typelem, typmod, k, try),
                     pg_temp.value_of(t.typelem, typmod, k + 1, try)]::text;
    end if;
    return case t.typname
        when 'int2' then n::text when 'int4' then n::text when 'int8' then n::text
        when 'oid' then abs(n)::text when 'money' then n::text
        when 'float4' then n::text when 'float8' then n::text
        when 'numeric' then case when try > 5 then '0.' || k else n::text end
        when 'bool' then ((k + try) % 2 = 1)::text
        when 'varchar' then left(word, greatest(typmod - 4, 1 - (typmod + 1)))
        when 'bpchar' then left(word, greatest(typmod - 4, 1 - (typmod + 1)))
        when 'char' then chr(96 + k)
        when 'date' then day::text
        when 'timestamp' then day + time '10:00' || ''
        when 'timestamptz' then day || ' 10:00+00'
        when 'time' then time '00:00' + k * interval '1 hour' || ''
        when 'timetz' then time '00:00' + k * interval '1 hour' || '+00'
        when 'interval' then k || ' days'
        when 'uuid' then md5(k::text)
        when 'json' then '{"k": ' || k || '}' when 'jsonb' then '{"k": ' || k || '}'
        when 'bytea' then '\x0' || k
        when 'inet' then '10.0.0.' || k when 'cidr' then '10.0.' || k || '.0/24'
        when 'macaddr' then '08:00:2b:01:02:0' || k
        when 'macaddr8' then '08:00:2b:01:02:03:04:0' || k
        when 'bit' then lpad((k % 2)::text, greatest(typmod, 1), '1')
        when 'varbit' then '1' || (k % 2)
        when 'point' then format('(%s,%s)', k, k)
        when 'line' then format('{1,2,%s}', k)
        when 'lseg' then format('[(0,0),(%s,1)]', k)
        when 'box' then format('(%s,%s),(0,0)', k, k)
        when 'path' then format('((0,0),(%s,1))', k)
        when 'polygon' then format('((0,0),(%s,1),(1,0))', k)
        when 'circle' then format('<(0,0),%s>', k)
        when 'tsvector' then 'v' || k when 'tsquery' then 'v' || k
        when 'int4range' then format('[%s,%s)', 10 * k, 10 * k + 5)
        when 'int8range' then format('[%s,%s)', 10 * k, 10 * k + 5)
        when 'numrange' then format('[%s,%s)', 10 * k, 10 * k + 5)
        when 'daterange' then format('[%s,%s)', day, day + 5)
        when 'tsrange' then format('[%s,%s)', day, day + 5)
        when 'tstzrange' then format('[%s 00:00+00,%s 00:00+00)', day, day + 5)
        when 'xml' then '<v/>' when 'jsonpath' then '$.v' when 'pg_lsn' then '0/' || k
        when 'xid' then k::text when 'xid8' then k::text when 'cid' then k::text
        when 'tid' then format('(0,%s)', k)
        when 'regclass' then 'pg_class' when 'regtype' then 'text'
        when 'regproc' then 'now' when 'regprocedure' then 'now()'
        when 'regnamespace' then 'public' when 'regrole' then current_user::text
        when 'regconfig' then 'simple' when 'regdictionary' then 'simple'
        when 'pg_snapshot' then '10:20:' when 'txid_snapshot' then '10:20:'
        else case when t.typname ~ 'multirange$'
                  then '{' || pg_temp.value_of((select rngtypid from pg_range
                                                where rngmultitypid = type), -1, k, try)
                       || '}'
                  else word end
    end;
end
$value$;

-- The column of the k-th row that a foreign key of the table leads to; null: none.
create function pg_temp.parent_of(tab oid, att int2, k int) returns text
language sql as $parent$
    select format('(select %I from %s order by ctid offset %s %% greatest(1,'
                  ' (select count(*) from %s)) limit 1)', a.attname,
                  c.confrelid::regclass, k - 1, c.confrelid::regclass)
      from pg_constraint c
      join pg_attribute a
        on a.attrelid = c.confrelid
       and a.attnum = c.confkey[array_position(c.conkey, att)]
     where c.contype = 'f' and c.conrelid = tab and att = any (c.conkey)
     order by c.conname limit 1
$parent$;

create function pg_temp.add_row(tab oid, k int, try int) returns void
language plpgsql as $row$
declare
    names text;
    vals text;
begin
    select string_agg(quote_ident(a.attname), ', '),
           string_agg(coalesce(pg_temp.parent_of(tab, a.attnum, k),
                               quote_nullable(pg_temp.value_of(a.atttypid, a.atttypmod,
                                                               k, try))), ', ')
      into names, vals
      from pg_attribute a
     where a.attrelid = tab and a.attnum > 0 and not a.attisdropped
       and a.attgenerated = '' and a.attidentity = ''
       and not (a.atthasdef and (k = 3 or exists (
               select from pg_attrdef d where d.adrelid = tab and d.adnum = a.attnum
                  and pg_get_expr(d.adbin, tab) ~ '^nextval')))
       and (a.attnotnull or k <> 3);
    if names is null then
        execute format('insert into %s default values', tab::regclass);
    else
        execute format('insert into %s (%s) values (%s)', tab::regclass, names, vals);
    end if;
end
$row$;

do $rows$
declare
    tab regclass;
    done boolean;
begin
    for pass in 1..4 loop
        for tab in
            select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and not c.relispartition
               and n.nspname !~ '^pg_' and n.nspname not in ('information_schema',
                                                             'schemac')
               and not exists (select from pg_depend d where d.objid = c.oid
                                  and d.deptype = 'e')
             order by c.oid
        loop
            execute format('select exists (select from %s)', tab) into done;
            continue when done;
            for k in 1..3 loop
                done := false;
                for try in 0..7 loop
                    begin
                        perform pg_temp.add_row(tab, k, try);
                        set constraints all immediate;
                        set constraints all deferred;
                        done := true;
                    exception when others then
                    end;
                    exit when done;
                end loop;
            end loop;
        end loop;
    end loop;
end
$rows$;
