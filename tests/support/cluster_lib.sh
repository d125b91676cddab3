# Sourced by bash scripts that need a database server.
#
# cluster_open sets SCHEMAC_TEST_URL to a private server, which lasts until
# cluster_close or, whatever happens, until this shell is gone. A server that the
# environment names already is used as it is.

cluster_open() {
    if [ -n "${SCHEMAC_TEST_URL:-}" ]; then
        return 0
    fi
    local here
    here=$(dirname "${BASH_SOURCE[0]}")
    # A session of its own: a signal to all of ours must not reach it.
    coproc CLUSTER { exec setsid "$here/cluster.sh" hold; }
    # Kept under names of our own: bash unsets CLUSTER when the process ends. The two
    # descriptors are closed on exec, so that no child can keep the server alive.
    cluster_pid=$CLUSTER_PID cluster_out=${CLUSTER[0]} cluster_in=${CLUSTER[1]}
    if ! read -r SCHEMAC_TEST_URL <&"$cluster_out"; then
        cluster_pid=
        return 1
    fi
    export SCHEMAC_TEST_URL
}

cluster_close() {
    if [ -n "${cluster_pid:-}" ]; then
        exec {cluster_in}>&- {cluster_out}<&-
        wait "$cluster_pid" 2>/dev/null || true
        cluster_pid=
        unset SCHEMAC_TEST_URL
    fi
}
