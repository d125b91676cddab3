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
runs 1 'a failure is an exit status' bash -c "cd '$ROOT' && tests/run /nonexistent"
runs 3 'no tests at all' bash -c "cd '$ROOT' && tests/run"
finish
