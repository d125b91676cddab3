# Sourced, behind tap.sh, by the tests of the manuals' examples.
#
# A C block of docs/RUNTIME.md or docs/GENERATED.md is the body of a function, with db and
# err (a struct sc_error *) at hand, or, where it begins with #include, a program. A text
# block behind it is what it prints. A schema block whose first line is `// NAME.schema` is
# what programs that include NAME.h are about; all others are about schema/app.schema.

MANUALS='RUNTIME GENERATED'

# Takes them out of a manual, into the folder at hand: NAME.c with a function a block and a
# table of them by their lines, NAME_program_LINE.c, NAME_LINE.text, SCHEMA.schema.
examples_of() {
    awk -v name="$1" '
        function end() { if (inside == "body") print "}" >out; if (out) close_block() }
        function close_block() { if (out != bodies) close(out); out = inside = "" }
        BEGIN {
            bodies = name ".c"
            printf "#include \"app.h\"\n#include \"tests/support/example.h\"\n" \
                   "#include <sc_async.h>\n#include <sc_listen.h>\n" \
                   "#include <stdio.h>\n#include <stdlib.h>\n" >bodies
        }
        out && /^```$/ { end(); next }
        out            { print >out; next }
        /^```c$/ {
            last = NR
            if ((getline line) <= 0)
                exit
            inside = line ~ /^#include/ ? "program" : "body"
            out = inside == "body" ? bodies : name "_program_" last ".c"
            if (inside == "body") {
                printf "static void example_%d(struct sc_db *db, struct sc_error *err)\n" \
                       "{\n(void)db;\n(void)err;\n", last >out
                table = table "    { " last ", example_" last " },\n"
            }
            print line >out
            next
        }
        /^```text$/ && last { out = name "_" last ".text"; printf "" >out; last = 0; next }
        /^```schema$/ {
            getline line
            if (line ~ /^\/\/ [a-z]+\.schema$/)
                out = substr(line, 4)
        }
        /^```/ { last = 0 }
        END {
            printf "const struct example examples[] = {\n%s    { 0, NULL },\n};\n",
                   table >bodies
        }' "$ROOT/docs/$1.md"
}

# All of them, with what schemac makes of their schemas in a folder of its name each.
examples_take() {
    local manual schema
    for manual in $MANUALS; do
        examples_of "$manual"
    done
    cp "$ROOT/schema/app.schema" .
    for schema in *.schema; do
        runs 0 "$schema compiles" "$SCHEMAC" "$schema" -o "${schema%.schema}" --unity
    done
}
EXAMPLE_FLAGS="-std=c17 -D_POSIX_C_SOURCE=200809L -I$ROOT -I$ROOT/runtime -Iapp -Ishop
-I$ROOT/examples/loops $(pkg-config --cflags libpq)"
