#!/bin/bash
# Formats the C sources in the house style; with --check only names those that are not.
# gen/ and what re2c and lemon write are made by programs and left out.
set -eu
cd "$(dirname "$0")/.."

files() {
    git ls-files -co --exclude-standard '*.c' '*.h' 2>/dev/null ||
        find . -name '*.[ch]' -not -path './build/*' | sed 's|^\./||'
}
sources() {
    files | grep -v -E '^(gen/|examples/[^/]*/gen/|tests/golden/|tests/compile/)' | sort
}

if [ "${1:-}" != --check ]; then
    sources | xargs clang-format -i
    exit 0
fi
n=0 bad=0
while read -r file; do
    n=$((n + 1))
    if clang-format --dry-run -Werror "$file" >/dev/null 2>&1; then
        echo "ok $n - $file"
    else
        echo "not ok $n - $file is not formatted (make format)"
        bad=1
    fi
done < <(sources)
echo "1..$n"
exit "$bad"
