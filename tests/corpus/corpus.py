"""Pairs of real schemas in PostgreSQL's SQL: pulled, compared, migrated there and back.

    corpus.py FOLDER [--sample N] [--tier core] [--id TEXT] [--keep FOLDER] [--jobs N]

FOLDER holds migration-pairs.jsonl: an object a line with id, tier, before, after and
same_schema. Each pair is two transitions, each without rows and with a row maker's. A
pair is ok, refused (by the list of what pull cannot express) or FAILED. Prints a table
a tier and ends with 1 when anything failed; --tap prints TAP instead.
SCHEMAC is the compiler, SCHEMAC_TEST_URL a server.
"""
import argparse
import concurrent.futures
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "support"))
import transition as t  # noqa: E402


def load(url, folder, name):
    """Loads a side into the emptied database; roles that it expects are made."""
    script = t.Script(folder)
    script.run("reset", str(t.HERE / "reset.sql"))
    script.run("load", str(folder / f"{name}.sql"))
    for _ in range(5):
        error = script.apply(url)
        missing = re.search(r'role "(.*?)" does not exist', error or "")
        if not missing:
            break
        subprocess.run(["psql", "-X", "-q", "-c", f'create role "{missing[1]}"', url],
                       capture_output=True, timeout=60)
    if error:
        raise t.Failure(f"{name} does not load: {error}")


class Inexpressible(Exception):
    """What pull cannot say in the language."""


def pull(url, folder, name):
    code, out, err = t.run_schemac("pull", "--url", url, "--strict",
                                   "-o", folder / f"{name}.schema")
    if code == 4:
        raise Inexpressible(reason(err))
    if code:
        raise t.Failure(f"schemac pull of {name}: {code}\n{out}{err}")


def reason(err):
    """The objects that pull lists, a line each, without what it says around them."""
    lines = [x.removeprefix("schemac: not in the file: ") for x in err.splitlines()
             if "not in the file" in x]
    return "; ".join(lines[:3]) or err


def diff(folder, name, *args):
    code, out, err = t.run_schemac("diff", "--no-renames", *args)
    if code:
        raise t.Failure(f"schemac diff {name}: {code}\n{out}{err}")
    (folder / f"{name}.sql").write_text(out)
    return str(folder / f"{name}.sql")


def check_empty(folder, a, b, what):
    code, out, err = t.run_schemac("diff", "--check", "--no-renames",
                                   folder / f"{a}.schema", folder / f"{b}.schema")
    if code:
        raise t.Failure(f"{what}\n{out}{err}")


def same(table, column):
    return table, column


def way(url, folder, a, b):
    """One transition, without rows and with them; gives what a check refused."""
    old, new = folder / f"{a}.schema", folder / f"{b}.schema"
    texts = {"from": str(folder / f"{a}.sql"), "to": str(folder / f"{b}.sql"),
             "up": diff(folder, f"{a}_up", old, new),
             "down": diff(folder, f"{a}_down", "--down", old, new)}
    pulled = [os.environ["SCHEMAC"], "pull", "--url", url, "-o",
              str(folder / "again.schema")]
    # What stands on both sides by name; what has gone has no column in the other.
    t.transition(url, folder, texts, same, same, rows=False, after_up=pulled)
    check_empty(folder, b, "again", "a second diff is not empty")
    try:
        t.transition(url, folder, texts, same, same)
    except t.Refused as refused:
        return str(refused).splitlines()[0]
    return ""


def check_pair(pair, url, folder):
    for side in ("before", "after"):
        (folder / f"{side}.sql").write_text(pair[side])
    for side in ("before", "after"):
        load(url, folder, side)
        pull(url, folder, side)
    if pair["same_schema"]:
        check_empty(folder, "before", "after", "the plan of equal schemas is not empty")
    said = [way(url, folder, "before", "after"), way(url, folder, "after", "before")]
    return "; ".join(x for x in said if x)


def judge(pair, url, keep):
    """(verdict, why)"""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(keep or scratch)
        folder.mkdir(exist_ok=True)
        try:
            return "ok", check_pair(pair, url, folder)
        except Inexpressible as why:
            return "refused", str(why)
        except (t.Failure, t.Refused, RuntimeError, subprocess.TimeoutExpired) as why:
            return "FAILED", str(why)


def worker(pairs, number, options, results):
    server = os.environ["SCHEMAC_TEST_URL"]
    database = f"corpus_{os.getpid()}_{number}"
    url = t.create(server, database)
    try:
        for pair in pairs:
            verdict, why = judge(pair, url, options.keep)
            results.append((pair, verdict, why))
            show(pair, verdict, why, options.tap)
    finally:
        t.drop(server, database)


def show(pair, verdict, why, tap):
    name = f"{pair['tool']} {pair['id']} ({pair['tier']})"
    text = "".join(f"    {line}\n" for line in why.splitlines())
    if tap:
        good = verdict == "ok" or (verdict == "refused" and pair["tier"] != "core")
        print(f"{'ok' if good else 'not ok'} - {name}: {verdict}\n"
              f"{'' if good else text}", end="", flush=True)
    elif verdict != "ok":
        print(f"{verdict} {name}\n{text}", end="", flush=True)


def table(results):
    print(f"{'tier':10} {'ok':>5} {'refused':>8} {'FAILED':>7}")
    for tier in ("core", "extended", "full"):
        n = Counter(verdict for pair, verdict, _ in results if pair["tier"] == tier)
        if n:
            print(f"{tier:10} {n['ok']:5} {n['refused']:8} {n['FAILED']:7}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tier")
    parser.add_argument("--id")
    parser.add_argument("--keep")
    parser.add_argument("--tap", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with open(Path(options.folder) / "migration-pairs.jsonl", encoding="utf-8") as file:
        pairs = [json.loads(line) for line in file]
    pairs = [p for p in pairs if options.tier in (None, p["tier"])
             and (not options.id or options.id in p["id"])]
    if options.sample:
        pairs = random.Random(options.seed).sample(pairs, options.sample)
    if options.tap:
        print(f"1..{len(pairs)}")
    jobs, results = 1 if options.keep else options.jobs, []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for item in [pool.submit(worker, pairs[i::jobs], i, options, results)
                     for i in range(jobs)]:
            item.result()
    if not options.tap:
        table(results)
    bad = any(verdict == "FAILED" for _, verdict, _ in results)
    return 1 if bad or len(results) != len(pairs) else 0


if __name__ == "__main__":
    sys.exit(main())
