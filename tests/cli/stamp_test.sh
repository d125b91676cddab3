#!/bin/bash
# The run that has nothing to do: says what the run that compiles says, and is not fooled.
# (tests/unit/stamp_test.c knows which of the two a run was.)
. tests/support/tap.sh

mkdir schema
cat >schema/shop.schema <<'SCHEMA'
schema shop {
    table customers { id int8 primary key; email text unique; }
}
SCHEMA
compile() { "$SCHEMAC" schema/shop.schema -o gen "$@"; }
stamp() { sed -n 's/^\/\* Stamp: \(.*\) \*\/$/\1/p' gen/shop.h; }

runs 0 'the first run' compile
first=$(stamp)
holds 'it leaves a stamp' grep -qE '^[0-9a-f]{32} [0-9a-f]{32}$' <<<"$first"
sums gen >made

# Zeros for a stamp, and it has to compile: that is how the two can be compared.
both() {
    local name=$1
    shift
    runs 0 "$name" compile "$@"
    local said=$out
    is "$name: nothing on standard error" "$err" ''
    cp gen/shop.h kept.h
    unstamped kept.h >gen/shop.h
    runs 0 "$name, without a stamp" compile "$@"
    is "$name: both say the same" "$said" "$out"
    cp kept.h gen/shop.h
}
both 'nothing to do'
both 'nothing to do, as JSON' --format json
both 'nothing to do, quietly' -q
both 'nothing to do, --check' --check
runs 0 'a depfile' compile --depfile shop.d
both 'nothing to do, with a depfile' --depfile shop.d
runs 0 'sealed' "$SCHEMAC" make init -o gen
both 'nothing to do, sealed'
rm -r gen
runs 0 'from nothing' compile
is 'from nothing: the same bytes' "$(sums gen)" "$(cat made)"

# A compiler whose emitter was changed: same version, other sources.
id=$(grep -aoE '[0-9a-f]{64}' "$SCHEMAC" | sort -u)
is 'a compiler knows its own sources' ${#id} 64
case $id in *0) other=${id%?}1 ;; *) other=${id%?}0 ;; esac
sed "s/do not edit/be my guest/g" "$SCHEMAC" | sed "s/$id/$other/g" >changed
chmod +x changed
is 'a changed compiler is one' "$(cmp -s changed "$SCHEMAC" || echo differs)" differs
runs 1 'a changed compiler: --check' ./changed schema/shop.schema -o gen --check
runs 0 'a changed compiler: compiles' ./changed schema/shop.schema -o gen
is 'a changed compiler: writes all C anew' "$out" 'gen/: 3 files written, 2 unchanged'
runs 0 'and back' compile
is 'and back: the same bytes' "$(sums gen)" "$(cat made)"

# A compiler that makes the same of other sources leaves all as it is, and knows it.
sed "s/$id/$other/g" "$SCHEMAC" >same && chmod +x same
before=$(stamps gen)
runs 0 'another compiler that makes the same: --check' ./same schema/shop.schema -o gen --check
runs 0 'another compiler that makes the same' ./same schema/shop.schema -o gen
is 'another compiler that makes the same: nothing was touched' "$(stamps gen)" "$before"

# Warnings.
cat >>schema/shop.schema <<'SCHEMA'
schema log { table v { id int8 primary key; n int8; } query q() many v page by n, id; }
SCHEMA
runs 0 'a warning' compile
warned=$err
holds 'a warning: is said' grep -q 'warning\[' <<<"$warned"
runs 0 'a warning: once more' compile
is 'a warning: is said again' "$err" "$warned"
runs 0 'a warning: --check' compile --check
is 'a warning: is said by --check' "$err" "$warned"
is 'a warning: there is no stamp' "$(stamp)" \
    '00000000000000000000000000000000 00000000000000000000000000000000'

# What a killed run left.
true &
wait $!
dead=$!
echo '/* Written by schemac from shop.schema: do' >gen/shop.h.tmp$dead
: >gen/log.h.tmp$dead
echo 'begin;' >gen/migrations/0001_init.up.sql.tmp$dead
echo mine >gen/mine.c.tmp$dead
echo mine >gen/mine.tmp$dead
echo '/* Written by schemac from shop.schema */' >gen/shop.h.tmp$$
runs 0 'leftovers' compile
is 'leftovers: only those of dead runs are gone' "$(cd gen && ls -d *.tmp* */*.tmp* 2>/dev/null)" \
    "$(printf '%s\n' mine.c.tmp$dead mine.tmp$dead shop.h.tmp$$ | sort)"
finish
