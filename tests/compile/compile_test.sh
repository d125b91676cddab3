#!/bin/bash
# Every generated file, of the reference schema and of the torture schema, compiles with gcc
# and clang, in C17 and (headers) C++17, without a warning; prints TAP.
. tests/support/tap.sh

warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wwrite-strings -Wformat=2 -Werror"
c="-std=c17 -D_POSIX_C_SOURCE=200809L $warnings -Wstrict-prototypes -Wmissing-prototypes -Wvla"
cxx="-std=c++17 -x c++ $warnings"
include="-I$ROOT/runtime"

# The sources of a folder: all of them one by one, the first message of each that fails.
compile_sources() {
    local folder=$1 compiler=$2 file failed=0
    for file in "$folder"/*.c; do
        $compiler $c $include -I"$folder" -O1 -c "$file" -o object.o 2>messages ||
            { failed=1; head -n 3 messages | sed 's/^/# /'; }
    done
    return "$failed"
}

# Each header stands alone in C++, and in C.
compile_headers() {
    local folder=$1 compiler=$2 flags=$3 file failed=0
    for file in "$folder"/*.h; do
        printf '#include "%s"\n' "${file##*/}" >alone.c
        $compiler $flags $include -I"$folder" -fsyntax-only alone.c 2>messages ||
            { failed=1; head -n 3 messages | sed 's/^/# /'; }
    done
    return "$failed"
}

try_schema() {
    local name=$1 schema=$2 compiler
    mkdir "$name" "$name.again" "$name.unity"
    runs 0 "$name compiles" "$SCHEMAC" "$schema" -o "$name"
    if [ -n "$err" ]; then
        printf '%s\n' "$err" | head -n 20 | sed 's/^/# /'
    fi
    runs 0 "$name compiles again" "$SCHEMAC" "$schema" -o "$name.again"
    holds "$name: the same bytes" diff -r -q "$name" "$name.again"
    runs 0 "$name compiles with --unity" "$SCHEMAC" "$schema" -o "$name.unity" --unity
    is "$name: --unity makes one source" "$(ls "$name.unity" | grep -c '\.c$')" 1
    for compiler in gcc clang; do
        holds "$name: sources with $compiler" compile_sources "$name" "$compiler"
        holds "$name: one source with $compiler" compile_sources "$name.unity" "$compiler"
        holds "$name: headers with $compiler" compile_headers "$name" "$compiler" "$c"
    done
    for compiler in g++ clang++; do
        holds "$name: headers with $compiler" compile_headers "$name" "$compiler" "$cxx"
    done
    for compiler in gcc clang; do
        holds "$name: behind headers full of macros with $compiler" \
            $compiler -std=gnu17 $warnings $include -I"$name" -DUMBRELLA="\"$name.h\"" \
            -c "$ROOT/tests/compile/macros.c" -o macros.o
        holds "$name: sources as gnu17 with $compiler" $compiler -std=gnu17 $warnings $include \
            -I"$name" -include complex.h -include sys/sysmacros.h -include stdio.h \
            -fsyntax-only "$name"/*.c
    done
    holds "$name: a program links" gcc -std=gnu17 $include -I"$name" \
        -DUMBRELLA="\"$name.h\"" -o program "$ROOT/tests/compile/macros.c" "$name"/*.c \
        "$BUILD/libschemac.a" $(pkg-config --libs libpq) -lpthread
}

# Select lists beyond the 4,095 characters that C17 promises a string.
{
    printf 'schema w {\n    table wide {\n        id int4 primary key;\n'
    seq -f '        a_rather_long_column_name_number_%g  text?;' 300
    printf '    }\n}\n'
} >wide.schema
runs 0 'a wide table compiles' "$SCHEMAC" wide.schema -o wide
for compiler in gcc clang; do
    holds "a wide table: sources with $compiler" compile_sources wide "$compiler"
done

try_schema app "$ROOT/schema/app.schema"
try_schema torture "$ROOT/tests/compile/torture.schema"
try_schema cross-ed "$ROOT/tests/compile/cross-ed.schema"

for compiler in gcc clang; do
    holds "the face in C with $compiler" \
        $compiler $c $include -Iapp -c "$ROOT/tests/compile/face.c" -o face.o
done
for compiler in g++ clang++; do
    holds "the face in C++ with $compiler" \
        $compiler $cxx $include -Iapp -c "$ROOT/tests/compile/face.cpp" -o face.o
done

# A runtime that is too old, or has left version 1 behind, is refused by the preprocessor,
# and an object that got past it does not link.
mkdir newer older
sed 's/^#define SC_ABI_OLDEST *1/#define SC_ABI_OLDEST 2/' "$ROOT/runtime/sc.h" >newer/sc.h
sed 's/^#define SC_ABI  *1/#define SC_ABI 0/' "$ROOT/runtime/sc.h" >older/sc.h
cp "$ROOT"/runtime/sc_{gen,value}.h newer
cp "$ROOT"/runtime/sc_{gen,value}.h older
for runtime in newer older; do
    runs 1 "a runtime that is $runtime is refused" \
        gcc -std=c17 -I$runtime -Iapp -c app/auth_users.c -o refused.o
    holds "... with a message that says so" \
        grep -q 'error.*auth_users.h and the installed sc.h do not fit: compile the schema' \
        <<<"$err"
done
gcc -std=c17 -O2 $include -Iapp -c app/auth_users.c -o users.o
holds 'an object refers to the version it was made for' \
    grep -q 'U sc__abi_1' <<<"$(nm users.o)"

finish
