#!/bin/bash
# Two branches, each with a migration after the same one: those that touch different
# things stand beside each other, and of others one is planned anew.
. tests/support/tap.sh

mkdir schema
base() {
    cat >schema/shop.schema <<'SCHEMA'
schema shop {
    table customers {
        id     int8  identity  primary key;
        email  text;
        fax    text?;
    }
    table orders {
        id     int8  identity  primary key;
        total  numeric(12, 2);
    }
}
SCHEMA
}
edit() {
    sed -i "$@" schema/shop.schema
}
value() {
    sed -n "s/^-- $2: *//p" "gen/migrations/$1"
}
# branch NAME SED: what a branch makes of the first migration.
branch() {
    base
    edit "$2"
    cp -r start "$1"
    runs 0 "branch $1" "$SCHEMAC" make "$1" -o "$1" ${3:+--allow "$3"}
}
merge() {
    rm -rf gen
    cp -r "$1" gen
    cp "$2"/migrations/0002* gen/migrations/
}

base
runs 0 'the first one' "$SCHEMAC" make init
cp -r gen start
branch phone 's/email  text;/email  text;\n        phone  text?;/'
branch note 's/total/note text?;\n        total/'
branch mail 's/email  text;/mail  text  was email;/'
branch dropped 's/fax    text?;/fax dropped;/' drop:shop.customers.fax

# Different tables.
merge phone note
base
edit 's/total/note text?;\n        total/; s/email  text;/email  text;\n        phone  text?;/'
runs 0 'both: nothing is pending' "$SCHEMAC" compile
fails 'both: no draft' ls gen/migrations/*draft* 2>/dev/null
edit 's/total/state text?;\n        total/'
runs 0 'both: the next one' "$SCHEMAC" make state
is 'both: it comes after both' "$(value 0003_state.up.sql parent | sort)" \
    "$( (value 0002_note.up.sql id; value 0002_phone.up.sql id) | sort)"
is 'both: and is all that is new' "$(grep -c '^alter' gen/migrations/0003_state.up.sql)" 1
runs 0 'both: one end again' "$SCHEMAC" compile
is 'both: one end again: what is said' "$(tail -n 1 <<<"$out")" 'gen/: up to date (5 files)'

# The same column: somebody has to go behind.
merge phone mail
base
edit 's/email  text;/mail  text  was email;\n        phone  text?;/'
runs 0 'one table, different columns' "$SCHEMAC" compile
base
edit 's/email  text;/email  varchar(80)  using (email::varchar(80));/'
cp -r start mail2
runs 0 'branch mail2' "$SCHEMAC" make mail2 -o mail2 --allow narrow:shop.customers.email
merge mail mail2
base
edit 's/email  text;/mail  varchar(80)  was email  using (mail::varchar(80));/'
runs 4 'in the way' "$SCHEMAC" compile
is 'in the way: what is said' "$(head -n 1 <<<"$err")" \
    'schemac: error: two migrations follow one and touch the same things:'
holds 'in the way: what to do' grep -q '^`schemac rebase 0002_mail2` plans' <<<"$err"
before=$(sums gen)
runs 4 'rebase: not sealed' "$SCHEMAC" rebase 0009_none
is 'rebase: not sealed: what is said' "$err" \
    'schemac: error: there is no sealed migration "0009_none"'
runs 4 'rebase: what both come after' "$SCHEMAC" rebase 0001_init
is 'rebase: nothing was written' "$(sums gen)" "$before"
runs 5 'rebase: another name has to be allowed' "$SCHEMAC" rebase 0002_mail2
is 'rebase: nothing was sealed' "$(sums gen)" "$before"
runs 0 'rebase' "$SCHEMAC" rebase 0002_mail2 --allow narrow:shop.customers.mail
is 'rebase: what is said' "$(head -n 1 <<<"$out")" '0002_mail2 becomes 0003_mail2'
is 'rebase: the files' "$(cd gen/migrations && echo *.up.sql)" \
    '0001_init.up.sql 0002_mail.up.sql 0003_mail2.up.sql'
is 'rebase: behind the other' "$(value 0003_mail2.up.sql parent)" \
    "$(value 0002_mail.up.sql id)"
is 'rebase: what was allowed is' "$(value 0003_mail2.up.sql allowed)" \
    narrow:shop.customers.mail
runs 0 'rebase: one end again' "$SCHEMAC" compile
runs 4 'rebase: nothing to do' "$SCHEMAC" rebase 0003_mail2
is 'rebase: nothing to do: what is said' "$err" \
    'schemac: error: the migrations end in one place: nothing to rebase'

# What was written by hand goes along.
base
edit 's/fax    text?;/fax dropped;/'
runs 0 'by hand, in the branch' "$SCHEMAC" make fill --empty -o dropped
sed -i 's/^-- Write the statements here.*/update shop.orders set total = 0;/
        s/^-- hazards: unknown/-- hazards: none/' dropped/migrations/0003_fill.up.sql
merge phone dropped
cp dropped/migrations/0003* gen/migrations/
base
edit 's/fax    text?;/fax dropped;/; s/email  text;/email  text;\n        phone  text?;/'
runs 0 'by hand' "$SCHEMAC" rebase 0002_dropped
is 'by hand: the files' "$(cd gen/migrations && echo *.up.sql)" \
    '0001_init.up.sql 0002_phone.up.sql 0003_dropped.up.sql 0004_fill.up.sql'
is 'by hand: what was allowed still is' "$(value 0003_dropped.up.sql allowed)" \
    drop:shop.customers.fax
holds 'by hand: what it says' grep -q '^update shop.orders' gen/migrations/0004_fill.up.sql
is 'by hand: its parent' "$(value 0004_fill.up.sql parent)" \
    "$(value 0003_dropped.up.sql id)"
is 'by hand: what its author says that it loses' \
    "$(value 0004_fill.up.sql hazards) $(value 0004_fill.down.sql hazards)" 'none unknown'
is 'by hand: no sum' "$(value 0004_fill.up.sql sum)" none
runs 0 'by hand: one end' "$SCHEMAC" compile
finish
