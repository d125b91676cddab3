#!/bin/bash
# Random schemas, by their seeds, each applied to a database: pulled, compiled and applied to
# an empty one they are the same again. Prints TAP; the arguments are the first seed and
# how many.
. tests/support/tap.sh
. "$ROOT/tests/support/cluster_lib.sh"
. "$ROOT/tests/support/circle.sh"
trap 'circle_close; cluster_close; cd /; rm -rf "$here"' EXIT
if ! cluster_open; then
    report 1 'a server is there'
    finish
fi
unset DATABASE_URL SCHEMAC_PROTECTED

first=${1:-0} count=${2:-5}
PYTHONPATH=$ROOT/tests/pairs python3 -B - "$first" "$count" <<'PYTHON'
import random, sys

from generate import Generator
from things import Printer

for seed in range(int(sys.argv[1]), int(sys.argv[1]) + int(sys.argv[2])):
    open("%d.schema" % seed, "w").write(Printer(Generator(random.Random(seed)).make()).text())
PYTHON
: >empty
for ((seed = first; seed < first + count; seed++)); do
    runs 0 "seed $seed: as SQL" "$SCHEMAC" diff empty "$seed.schema"
    echo "$out" >"$seed.sql"
    fresh random
    runs 0 "seed $seed: is there" sql random "$seed.sql"
    circle "seed $seed" random "of_$seed"
done
finish
