#!/bin/bash
# Installs the packages that building and testing need and that are missing.
# Nothing missing: no sudo, no apt. Never lets the server's package make a cluster.
set -eu

# A command or file that shows it is there, and the package that brings it.
wanted='
gcc                                        gcc
g++                                        g++
clang                                      clang
clang-format                               clang-format
clang-tidy                                 clang-tidy
valgrind                                   valgrind
re2c                                       re2c
lemon                                      lemon
pkg-config                                 pkg-config
python3                                    python3
curl                                       curl
openssl                                    openssl
psql                                       postgresql-client
/usr/sbin/pgbouncer                        pgbouncer
/usr/include/cmocka.h                      libcmocka-dev
/usr/include/jansson.h                     libjansson-dev
/usr/include/sha256.h                      libmd-dev
/usr/include/xxhash.h                      libxxhash-dev
/usr/include/uv.h                          libuv1-dev
/usr/include/liburing.h                    liburing-dev
/usr/include/postgresql/libpq-fe.h         libpq-dev
/usr/lib/postgresql/*/bin/initdb           postgresql
/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a  libclang-rt-dev
'

there() {
    case $1 in
    /*) compgen -G "$1" >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

missing() {
    while read -r sign package; do
        if [ -n "$sign" ] && ! there "$sign"; then
            echo "$package"
        fi
    done <<<"$wanted"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Debian's package starts a server on port 5432 unless told not to beforehand.
no_main_cluster() {
    local conf=/etc/postgresql-common/createcluster.conf
    if ! grep -qs '^ *create_main_cluster *= *false' "$conf"; then
        as_root mkdir -p "$(dirname "$conf")"
        echo 'create_main_cluster = false' | as_root tee -a "$conf" >/dev/null
    fi
}

# Nothing that is installed here is to run as a service: Debian asks this file.
policy=/usr/sbin/policy-rc.d
made_policy=
no_services() {
    [ ! -e "$policy" ] || return 0
    made_policy=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
}
services_again() {
    [ -z "$made_policy" ] || as_root rm -f "$policy"
}

packages=$(missing)
if [ -z "$packages" ]; then
    exit 0
fi
echo "deps: installing" $packages
if ! command -v apt-get >/dev/null; then
    echo "deps: no apt-get here; please install the equivalents yourself" >&2
    exit 1
fi
case $packages in
*postgresql*) no_main_cluster ;;
esac
trap services_again EXIT
no_services
as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
# The configuration file exists already: keep it without asking.
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
    --no-install-recommends -o Dpkg::Options::=--force-confold $packages
case $packages in
*pgbouncer*) as_root systemctl disable pgbouncer >/dev/null 2>&1 || true ;;
esac
left=$(missing)
if [ -n "$left" ]; then
    echo "deps: still missing:" $left >&2
    exit 1
fi
