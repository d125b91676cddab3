#!/usr/bin/env python3
"""Lets peers take turns at the workloads W1 to W9 and prints two tables: rates, and the
client's processor time a call, both as ratios to hand-written libpq. Asserts nothing.

    peers.py NAME=COMMAND...        the first is what the others are held against

Connects by PGHOST and so on (psql puts back between turns what the workloads change). A
rate is of the processor time of client and server together: what a core gives that is busy
with both. Ratios are medians over rounds, +- half of what lies between their quartiles; in
a round every peer has a turn of MS milliseconds at each workload, the order turned round
each time. ROUNDS (twice as many where calls are short), MS: environment."""
import glob
import os
import shlex
import statistics
import subprocess
import sys

WORKLOADS = {
    1: "point read by a unique key",
    2: "insert of a session, returning it",
    3: "page of 1,000 rows",
    4: "100,000 rows, all of a table",
    5: "bulk load of 100,000 rows",
    6: "100 point reads at once",
    7: "update by primary key",
    8: "user, accounts, sessions",
    9: "transaction of three inserts",
}
LONG = (4, 5)  # a turn is one call, however short MS is
RESET = {
    2: "delete from auth.sessions where session_token < 'kept'; vacuum auth.sessions;",
    5: "truncate auth.feedback;",
    7: "vacuum auth.users;",
    9: "delete from auth.users where id < 'user';"
       " vacuum auth.users; vacuum auth.accounts; vacuum auth.sessions;",
}


def say(words):
    """As bench/lib.sh does."""
    print(f"bench: {words}", file=sys.stderr)
    if os.environ.get("BENCH_SAID"):
        with open(os.environ["BENCH_SAID"], "a") as f:
            f.write(words + "\n")


class Psql:
    def __init__(self):
        self.process = subprocess.Popen(["psql", "-X", "-q", "-t", "-A"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def run(self, sql):
        self.process.stdin.write(sql + "\n\\echo done\n")
        self.process.stdin.flush()
        while self.process.stdout.readline() != "done\n":
            pass


def nanoseconds(pid):
    """Of all threads of a process, on the processor."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        try:
            with open(path) as f:
                total += int(f.read().split()[0])
        except OSError:
            pass
    return total


class Peer:
    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        first = self.process.stdout.readline()
        self.backend = int(first) if first.strip() else 0

    def turn(self, workload, ms):
        """Nanoseconds a call of the client and of the server; None: it cannot."""
        client, server = nanoseconds(self.process.pid), nanoseconds(self.backend)
        try:
            self.process.stdin.write(f"W{workload} {ms}\n")
            self.process.stdin.flush()
            calls = int(self.process.stdout.readline().split()[0])
        except (OSError, IndexError):
            return None
        return ((nanoseconds(self.process.pid) - client) / calls,
                (nanoseconds(self.backend) - server) / calls)


def rounds_of(peers, psql, workload):
    """By peer: the pairs of its turns; the first turn of each warms up."""
    ms = float(os.environ.get("MS", "30"))
    turns = {peer.name: [] for peer in peers}
    rounds = int(os.environ.get("ROUNDS", "5")) * (1 if workload in LONG else 2)
    for number in range(1 + rounds):
        for peer in peers if number % 2 else reversed(peers):
            psql.run(RESET.get(workload, ""))
            took = peer.turn(workload, ms if number else ms * 5)
            if number:
                turns[peer.name].append(took)
    return turns


def ratio(ours, first, what):
    """The median, and half of the distance between the quartiles."""
    if not ours or None in ours:
        return "-"
    ratios = [what(a, b) for a, b in zip(ours, first)]
    if len(ratios) < 2:
        return f"{ratios[0]:.2f}"
    low, middle, high = statistics.quantiles(ratios, method="inclusive")
    return f"{middle:.2f} +-{(high - low) / 2:.2f}"


def table(title, peers, results, what, unit):
    first = peers[0].name
    rows = [[""] + [f"W{w}" for w in results],
            [first] + [unit(turns[first]) for turns in results.values()]]
    for peer in peers[1:]:
        rows.append([peer.name] + [ratio(turns[peer.name], turns[first], what)
                                   for turns in results.values()])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |"
             for row in rows]
    lines.insert(1, "|---" * len(widths) + "|")
    print(f"\n{title}\n\n" + "\n".join(lines), flush=True)


def main():
    psql = Psql()
    peers = [Peer(*argument.split("=", 1)) for argument in sys.argv[1:]]
    for peer in [peer for peer in peers if not peer.backend]:
        say(f"{peer.name} did not start: left out")
        peers.remove(peer)
    results = {}
    for workload, words in WORKLOADS.items():
        print(f"bench: W{workload} {words}", file=sys.stderr)
        results[workload] = rounds_of(peers, psql, workload)
    table("Rate, a core busy with client and server (first row: calls a second):",
          peers, results, lambda a, b: sum(b) / sum(a),
          lambda turns: f"{1e9 / statistics.median(sum(t) for t in turns):,.0f}")
    table("Processor time of the client a call (first row: microseconds):",
          peers, results, lambda a, b: a[0] / b[0],
          lambda turns: f"{statistics.median(t[0] for t in turns) / 1e3:,.1f}")
    print("\n" + " · ".join(f"W{w} {words}" for w, words in WORKLOADS.items()))


main()
