#!/bin/bash
# make install: what a project of somebody else's finds, and that make uninstall takes it
# all away again.
. tests/support/tap.sh
prefix=$here/prefix
unset MAKEFLAGS MAKELEVEL MFLAGS

install_to() {
    "${MAKE:-make}" -s -C "$ROOT" BUILD="$BUILD" "$@"
}

runs 0 'installs' install_to PREFIX="$prefix" install
is 'installs: the files' "$(cd "$prefix" && find . ! -type d | sort |
    sed -E 's/\.so\.[0-9.]+[0-9]$/.so.N/' | uniq)" './bin/schemac
./include/sc.h
./include/sc_async.h
./include/sc_gen.h
./include/sc_listen.h
./include/sc_migrate.h
./include/sc_value.h
./lib/libschemac-migrate.a
./lib/libschemac-migrate.so
./lib/libschemac-migrate.so.0
./lib/libschemac-migrate.so.N
./lib/libschemac.a
./lib/libschemac.so
./lib/libschemac.so.0
./lib/libschemac.so.N
./lib/pkgconfig/schemac-migrate.pc
./lib/pkgconfig/schemac.pc
./share/man/man1/schemac.1'
runs 0 'installs below DESTDIR' install_to PREFIX=/usr DESTDIR="$here/stage" install
holds 'installs below DESTDIR: there' test -x "$here/stage/usr/bin/schemac"
holds 'installs below DESTDIR: the prefix is the final one' \
    grep -qx 'prefix=/usr' "$here/stage/usr/lib/pkgconfig/schemac.pc"

export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib
is 'pkg-config knows the version' "schemac $(pkg-config --modversion schemac)" \
    "$("$prefix/bin/schemac" --version)"
cat >shop.schema <<'SCHEMA'
schema shop {
    table customers {
        id     int8  identity  primary key;
        email  text  unique;
    }
}
SCHEMA
cat >main.c <<'C'
#include <stdio.h>
#include "shop.h"

int main(void)
{
    struct sc_db *db = NULL;
    struct sc_error err;
    struct shop_customers *customer = NULL;
    enum sc_status status = sc_open("host=/nonexistent", &db, &err);
    if (status == SC_OK)
        status = shop_customers_by_email(db, "ada@example.org", &customer, &err);
    shop_customers_free(customer);
    sc_close(db);
    puts(sc_status_name(status));
    return 0;
}
C
runs 0 'the installed schemac compiles' "$prefix/bin/schemac" shop.schema -o gen -q
for cc in gcc clang; do
    runs 0 "$cc: generated code against the installed library" \
        $cc -std=c17 -Wall -Wextra -Werror -Igen $(pkg-config --cflags schemac) \
        -o "program-$cc" main.c gen/*.c $(pkg-config --libs schemac)
    runs 0 "$cc: runs" "./program-$cc"
    is "$cc: the answer" "$out" CONNECTION
done
runs 0 'linked statically' gcc -std=c17 -Igen $(pkg-config --cflags schemac) -o static \
    main.c gen/*.c "$prefix/lib/libschemac.a" \
    $(pkg-config --static --libs-only-l schemac | sed 's/-lschemac//')
runs 0 'linked statically: runs' env -u LD_LIBRARY_PATH ./static
is 'linked statically: the answer' "$out" CONNECTION

# A program that carries its migrations.
cat >carry.c <<'C'
#include <sc_migrate.h>
#include <stdio.h>

int main(void)
{
    static const struct sc_migration_text texts[] = {
        { .id = "0001_init", .up = "create table t (x int);", .down = "drop table t;",
          .snapshot = "" },
    };
    struct sc_migrations *set = NULL;
    if (sc_migrations_embed(texts, 1, &set, NULL) == SC_OK)
        puts(sc_migrations_at(set, 0)->name);
    sc_migrations_free(set);
    return 0;
}
C
runs 0 'a program over libschemac-migrate' gcc -std=c17 -Wall -Wextra -Werror \
    $(pkg-config --cflags schemac-migrate) -o carry carry.c \
    $(pkg-config --libs schemac-migrate)
runs 0 'a program over libschemac-migrate: runs' ./carry
is 'a program over libschemac-migrate: the answer' "$out" 0001_init
runs 0 'a program over libschemac-migrate, statically' gcc -std=c17 \
    $(pkg-config --cflags schemac-migrate) -o carried carry.c \
    "$prefix/lib/libschemac-migrate.a" "$prefix/lib/libschemac.a" -lpq -lmd -lpthread -lm
runs 0 'a program over libschemac-migrate, statically: runs' \
    env -u LD_LIBRARY_PATH ./carried
is 'libschemac-migrate exports nothing of anybody else' \
    "$(nm -D --defined-only "$prefix/lib/libschemac-migrate.so" |
        awk '$3 !~ /^sc_[a-z]/ { print $3 }')" ''

# A program that carries its migrations.
mkdir -p own/schema
cp shop.schema own/schema/app.schema
runs 0 'migrations of its own' bash -c 'cd own && "$1" make init -q &&
    "$1" embed migrations.c -q' - "$prefix/bin/schemac"
for cc in gcc clang; do
    runs 0 "$cc: with its migrations" \
        $cc -std=c17 -Wall -Wextra -Werror -Iown/gen $(pkg-config --cflags schemac-migrate) \
        -o "carries-$cc" "$ROOT/tests/accept/embedded.c" own/migrations.c own/gen/*.c \
        $(pkg-config --libs schemac-migrate)
    runs 1 "$cc: with its migrations: runs" "./carries-$cc" check host=/nonexistent
    is "$cc: with its migrations: the answer" "${out%%:*}" CONNECTION
done
runs 0 'with its migrations, statically' gcc -std=c17 -Iown/gen \
    $(pkg-config --cflags schemac-migrate) -o carries "$ROOT/tests/accept/embedded.c" \
    own/migrations.c own/gen/*.c "$prefix/lib/libschemac-migrate.a" \
    "$prefix/lib/libschemac.a" $(pkg-config --static --libs-only-l schemac-migrate |
        sed 's/-lschemac-migrate//; s/-lschemac//')

# Only sc_ and sc__ names are the library's to use up.
is 'the shared library exports nothing of anybody else' \
    "$(nm -D --defined-only "$prefix/lib/libschemac.so" |
        awk '$3 !~ /^sc__?[a-z]/ { print $3 }')" ''
runs 0 'man finds a page that it can read' \
    bash -c '! command -v man >/dev/null || man --warnings -l "$1" >/dev/null' - \
    "$prefix/share/man/man1/schemac.1"

runs 0 'uninstalls' install_to PREFIX="$prefix" uninstall
is 'uninstalls: nothing is left' "$(find "$prefix" ! -type d)" ''
finish
