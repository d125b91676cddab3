#!/bin/bash
# Real schemas, each in a database: pulled, compiled and applied to an empty one they are the
# same again. $SCHEMAC_CORPORA is the folder of migration-pairs.jsonl. Prints TAP of a seeded
# sample; a number says how many.
. tests/support/tap.sh
. "$ROOT/tests/support/cluster_lib.sh"
. "$ROOT/tests/support/circle.sh"

corpora=${SCHEMAC_CORPORA:-$ROOT/../shared/corpora}
if [ ! -f "$corpora/migration-pairs.jsonl" ]; then
    echo '1..1'
    echo "ok 1 - real schemas # SKIP no $corpora/migration-pairs.jsonl (set SCHEMAC_CORPORA)"
    exit 0
fi
trap 'circle_close; cluster_close; cd /; rm -rf "$here"' EXIT
if ! cluster_open; then
    report 1 'a server is there'
    finish
fi
unset DATABASE_URL SCHEMAC_PROTECTED

# Each as a file; those that need roles are left to the pairs' own test.
python3 - "$corpora/migration-pairs.jsonl" "${1:-6}" <<'PYTHON'
import json, random, re, sys

sides = set()
for line in open(sys.argv[1]):
    pair = json.loads(line)
    if pair["tier"] != "full":
        sides |= {pair["before"], pair["after"]}
sides = sorted(s for s in sides if len(s) > 200 and not re.search(r"\b(role|owner to|grant|statistics)\b", s, re.I))
for number, side in enumerate(random.Random(20).sample(sides, min(int(sys.argv[2]), len(sides)))):
    open("%04d.sql" % number, "w").write(side)
PYTHON
for file in [0-9]*.sql; do
    fresh real
    runs 0 "$file is there" sql real "$file"
    circle "$file" real "of_$file"
done
finish
