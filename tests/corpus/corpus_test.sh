#!/bin/bash
# Real schemas and their changes: see corpus.py. $SCHEMAC_CORPORA is the folder of
# migration-pairs.jsonl. Prints TAP of a seeded sample (CORPUS_SAMPLE says of how many);
# with `all`, a table of all of them.
. tests/support/tap.sh
. "$ROOT/tests/support/cluster_lib.sh"

corpora=${SCHEMAC_CORPORA:-$ROOT/../shared/corpora}
if [ ! -f "$corpora/migration-pairs.jsonl" ]; then
    echo '1..1'
    echo "ok 1 - real schemas # SKIP no $corpora/migration-pairs.jsonl (set SCHEMAC_CORPORA)"
    exit 0
fi
if ! cluster_open; then
    report 1 'a server is there'
    finish
fi
trap 'cluster_close; rm -rf "$here"' EXIT
export SCHEMAC
if [ "${1:-}" = all ]; then
    python3 -B "$ROOT/tests/corpus/corpus.py" "$corpora"
    exit
fi
python3 -B "$ROOT/tests/corpus/corpus.py" "$corpora" --tap --tier core \
    --sample "${CORPUS_SAMPLE:-40}"
