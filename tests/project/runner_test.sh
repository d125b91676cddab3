#!/bin/bash
# The test runner itself: no way of failing may pass for success.
. tests/support/tap.sh
export SCHEMAC_TEST_URL=postgresql:///unused

# The runner's last line for one program.
sum() {
    printf '#!/bin/bash\n%s\n' "$2" >"$here/program.sh"
    chmod +x program.sh
    local last status=0
    last=$(cd "$ROOT" && TEST_TIMEOUT=2 tests/run "$here/program.sh" | tail -n 1)
    is "$1" "$last" "$3"
}

sum 'all well' 'echo 1..2; echo ok 1 - a; echo ok 2 - b' '2 passed, 0 failed'
sum 'a failed test' 'echo 1..2; echo ok 1; echo not ok 2; exit 1' '1 passed, 1 failed'
sum 'a failed test and exit 0' 'echo 1..1; echo not ok 1' '0 passed, 1 failed'
sum 'a crash half-way' 'echo 1..3; echo ok 1; kill -SEGV $$' '1 passed, 2 failed'
sum 'a crash at the end' 'echo 1..1; echo ok 1; kill -ABRT $$' '1 passed, 1 failed'
sum 'a crash before the plan' 'kill -ABRT $$' '0 passed, 1 failed'
sum 'an early end that says all is well' 'echo 1..3; echo ok 1' '1 passed, 2 failed'
sum 'nothing run' 'exit 0' '0 passed, 1 failed'
sum 'a sanitizer at the end' 'echo 1..1; echo ok 1; exit 99' '1 passed, 1 failed'
sum 'a program that hangs' 'echo 1..1; echo ok 1; sleep 30' '1 passed, 1 failed'
sum 'skipped tests are neither' 'echo 1..2; echo ok 1; echo "ok 2 # SKIP no"' \
    '1 passed, 0 failed'
sum 'skipped as cmocka says it' 'echo 1..2; echo ok 1; echo "not ok 2 # SKIP no"' \
    '1 passed, 0 failed'

# ---- several at a time -----------------------------------------------------------

make_program() {
    printf '#!/bin/bash\ncd "%s"\n%s\n' "$here" "$2" >"$1"
    chmod +x "$1"
}
run() {
    (cd "$ROOT" && TEST_TIMEOUT=60 exec tests/run "$@")
}
# A process that nobody has buried yet is gone, too.
runs_still() {
    case $(ps -o stat= -p "$(cat "$1")") in
    '' | Z*) return 1 ;;
    esac
}
mkdir at_work
meet='touch at_work/$$; for i in {1..200}; do
    [ $(ls at_work | wc -l) = 2 ] && break; sleep 0.05; done
echo 1..1; [ $i -lt 200 ] && echo ok 1 || echo not ok 1'
make_program one.sh "$meet"
make_program two.sh "$meet"
out=$(TEST_JOBS=2 run "$here/one.sh" "$here/two.sh")
is 'two at a time' "$(tail -n 1 <<<"$out")" '2 passed, 0 failed'

loud='for i in {1..300}; do echo "$0 $i"; done; echo 1..2; echo ok 1; echo not ok 2'
for name in one two three four; do
    make_program $name.sh "$loud"
done
out=$(TEST_JOBS=4 run "$here"/{one,two,three,four}.sh)
is 'the sum is that of all' "$(tail -n 1 <<<"$out")" '4 passed, 4 failed'
is 'no output stands inside another' \
    "$(sed -n 's|^    /.*/\(.*\).sh [0-9]*$|\1|p' <<<"$out" | uniq -c |
        awk '{ print $1, $2 }' | sort)" '300 four
300 one
300 three
300 two'

make_program one.sh 'sleep 60 & echo $! >left; echo 1..1; echo ok 1'
out=$(run "$here/one.sh")
is 'a program that leaves another behind' "$(tail -n 1 <<<"$out")" '1 passed, 0 failed'
fails 'it is ended' runs_still left

make_program two.sh 'trap "touch asked; exit" INT TERM; sleep 60 & echo $! >second; wait'
for signal in INT TERM; do
    case $signal in
    INT) make_program one.sh 'echo $$ >first; sleep 60' ;;
    TERM) make_program one.sh 'trap "" TERM; echo $$ >first; sleep 60' ;;
    esac
    rm -f first second asked
    set -m
    (cd "$ROOT" && TEST_JOBS=2 TMPDIR=$here exec tests/run "$here"/{one,two}.sh) \
        >text 2>&1 &
    set +m
    runner=$!
    for i in {1..200}; do
        [ -s first ] && [ -s second ] && break
        sleep 0.05
    done
    kill -$signal -- -$runner
    wait $runner 2>/dev/null
    holds "$signal: programs are asked to end" test -e asked
    fails "$signal: programs are ended, listening or not" runs_still first
    fails "$signal: what they started is ended" runs_still second
    is "$signal: no folder is left" "$(ls -d schemac-run.* 2>/dev/null)" ''
done

make_program one.sh 'echo 1..1; echo ok 1'
is 'a program named twice runs twice' "$(run "$here"/one.sh "$here"/one.sh | tail -n 1)" \
    '2 passed, 0 failed'
make_program one.sh 'kill -9 $(ps -o ppid= -p $PPID); sleep 1'
is 'a program that takes the runner along' "$(run "$here"/one.sh 2>/dev/null | tail -n 1)" \
    '0 passed, 1 failed'

is 'tests/slow knows no test that is not there' "$(cd "$ROOT/tests" &&
    grep -v '^#' slow | while read -r name; do
        ls "$name" "$name.c" 2>/dev/null | grep -q . || echo "$name"
    done)" ''
is 'what tests/slow names comes first' "$(
    make_program one.sh 'echo 1..1; echo ok 1'
    mkdir -p tests/db tests/cli
    cp one.sh tests/cli/some_test.sh
    cp one.sh tests/db/plan_test
    TEST_JOBS=1 run "$here"/tests/cli/some_test.sh "$here"/tests/db/plan_test |
        sed -n 's|^ok .*/tests/\(.*\): .*|\1|p'
)" 'db/plan_test
cli/some_test.sh'

runs 1 'a failure is an exit status' bash -c "cd '$ROOT' && tests/run /nonexistent"
runs 3 'no tests at all' bash -c "cd '$ROOT' && tests/run"
finish
