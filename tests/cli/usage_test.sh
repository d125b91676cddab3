#!/bin/bash
# The command line: exit codes, help, version, colour.
. tests/support/tap.sh

runs 3 'nothing given' "$SCHEMAC"
is 'nothing given: what is said' "$err" 'schemac: error: nothing to do
`schemac help` tells more'
runs 3 'an unknown option' "$SCHEMAC" app.schema --chek
is 'an unknown option: the nearest one' "$err" \
    'schemac: error: there is no option --chek (did you mean --check?)
`schemac help compile` tells more'
runs 3 'an unknown command' "$SCHEMAC" frmt a.schema
is 'an unknown command: the nearest one' "${err%%$'\n'*}" \
    'schemac: error: there is no command "frmt" (did you mean "fmt"?)'
runs 3 'a missing argument' "$SCHEMAC" make
runs 3 'a migration name that is none' "$SCHEMAC" make Not/AName
runs 3 'help on what there is not' "$SCHEMAC" help nothing

runs 0 'version' "$SCHEMAC" --version
is 'version: what is said' "$out" "schemac $(sed -n \
    's/^#define SC_VERSION "\(.*\)"/\1/p' "$ROOT/runtime/sc.h")"
runs 0 'help' "$SCHEMAC" help
overview=$out
runs 0 '--help is help' "$SCHEMAC" --help
is '--help is help: text' "$out" "$overview"
runs 0 'help on a command' "$SCHEMAC" help compile
of_compile=$out
runs 0 '--help after a command' "$SCHEMAC" compile --help
is '--help after a command: text' "$out" "$of_compile"
is 'help is at most 88 columns wide' \
    "$(for c in $("$SCHEMAC" help | sed -n 's/^  \([a-z]\+\) .*/\1/p'); do "$SCHEMAC" help $c; done | awk 'length > 100')" ''

runs 0 'the manual page' "$SCHEMAC" help --man
is 'the manual page is the committed one (make man)' "$out" "$(cat "$ROOT/docs/man/schemac.1")"
if command -v man >/dev/null; then
    is 'man has nothing to say against it' \
        "$(MANWIDTH=100 man --warnings -l "$ROOT/docs/man/schemac.1" 2>&1 >/dev/null)" ''
fi

runs 4 'a schema that is not there' "$SCHEMAC" none.schema
is 'a schema that is not there: what is said' "$err" \
    'schemac: error: cannot read "none.schema": No such file or directory'
runs 4 'a folder for a schema' "$SCHEMAC" ./
runs 4 'no schema to be found' "$SCHEMAC" compile
is 'no schema to be found: what is said' "$err" \
    'schemac: error: there is no schema/*.schema here: name the schema file'

runs 4 'colour on request' env NO_COLOR=1 "$SCHEMAC" none.schema --color=always
holds 'colour on request: painted' grep -q $'\033\[' <<<"$err"
runs 4 'no colour in a pipe' "$SCHEMAC" none.schema
fails 'no colour in a pipe: plain' grep -q $'\033\[' <<<"$err"

if [ -w /dev/full ]; then
    status=0
    "$SCHEMAC" help >/dev/full 2>/dev/null || status=$?
    is 'an answer that cannot be written' "$status" 4
fi
finish
