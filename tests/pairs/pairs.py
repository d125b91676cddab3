"""Pairs of random schemas, by their seeds: the plan from one to the other does what it
says, both ways, and no row is lost. Prints TAP.

    pairs.py FIRST COUNT [--keep FOLDER] [--jobs N] [--quiet]

SCHEMAC is the compiler, SCHEMAC_TEST_URL a server. One seed makes one pair; a failure
prints its seed, and `pairs.py SEED 1 --keep FOLDER` leaves all its files in FOLDER.
--quiet prints failures and the sum only.
"""
import argparse
import concurrent.futures
import os
import random
import sys
import tempfile
import traceback
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]
import transition as t  # noqa: E402
from edit import Editor  # noqa: E402
from generate import Generator  # noqa: E402
from things import QUOTED, Printer  # noqa: E402


def renames(a, b):
    """Where a table's column of `a` stands in `b` with its values, as regclass prints
    their names."""
    places = {}
    for table in a.tables:
        to = b.find(table.id)
        for column in table.columns:
            now = to.column(column.id) if to else None
            if now and not now.using:
                places[name_of(a, table), column.name] = (name_of(b, to), now.name)
    return lambda table, column: places.get((table, column))


def name_of(world, table):
    """As regclass prints it: not all words that the language reserves are SQL's."""
    def quoted(name):
        return f'"{name}"' if name in QUOTED - {"index"} else name
    return f"{quoted(world.find(table.schema).name)}.{quoted(table.name)}"


def make_text(folder, name, *args):
    code, out, err = t.run_schemac("diff", *args)
    if code:
        raise t.Failure(f"schemac diff {' '.join(map(str, args))}: {code}\n{err}")
    path = folder / f"{name}.sql"
    path.write_text(out)
    return str(path)


def make_pair(seed, folder):
    """Writes both schemas; gives them and the options of the diff."""
    rng = random.Random(seed)
    strict = rng.random() < 0.5
    a = Generator(rng).make()
    b = Editor(rng, a.copy(), strict).make()
    (folder / "a.schema").write_text(Printer(a).text())
    (folder / "b.schema").write_text(Printer(b, a, strict).text())
    (folder / "empty.schema").write_text("")
    return a, b, [] if strict else ["--no-renames"]


def from_scratch(folder, name):
    """By the first migration of the compiler, which plans nothing."""
    code, _, err = t.run_schemac(folder / f"{name}.schema",
                                 "-o", folder / f"gen_{name}")
    if code:
        raise t.Failure(f"the generator made what the compiler refuses:\n{err}")
    return str(next((folder / f"gen_{name}" / "migrations").glob("0001_*.up.sql")))


def check_pair(seed, url, folder):
    a, b, options = make_pair(seed, folder)
    old, new, empty = (folder / f"{n}.schema" for n in ("a", "b", "empty"))
    texts = {"to": from_scratch(folder, "b"),
             "from": make_text(folder, "from", empty, old),
             "up": make_text(folder, "up", old, new, *options),
             "down": make_text(folder, "down", old, new, "--down", *options)}
    code, out, err = t.run_schemac("diff", "--check", new, new)
    if code:
        raise t.Failure(f"a second diff is not empty:\n{out}{err}")
    try:
        t.transition(url, folder, texts, renames(a, b), renames(b, a))
        return ""
    except t.Refused as refused:
        t.transition(url, folder, texts, renames(a, b), renames(b, a), rows=False)
        return f" # rows refused: {str(refused).splitlines()[0]}"


def judge(seed, url, keep):
    """(seed, whether it holds, what is to say)"""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(keep or scratch)
        folder.mkdir(exist_ok=True)
        try:
            return seed, True, check_pair(seed, url, folder)
        except (t.Failure, t.Refused, RuntimeError) as failure:
            return seed, False, str(failure)
        except Exception:  # of the generator's own: the other seeds go on
            return seed, False, traceback.format_exc()


def worker(server, seeds, number, options):
    database = f"pairs_{os.getpid()}_{number}"
    url = t.create(server, database)
    try:
        for seed in seeds:
            results.append(judge(seed, url, options.keep))
            report(*results[-1], options.quiet)
    finally:
        t.drop(server, database)


results = []


def report(seed, good, text, quiet):
    shown = "".join(f"    {line}\n" for line in text.splitlines())
    if not good:
        print(f"not ok - seed {seed}\n{shown}", end="", flush=True)
    elif not quiet:
        print(f"ok - seed {seed}{text}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("first", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--keep")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.count)
    if not options.quiet:
        print(f"1..{options.count}")
    jobs = 1 if options.keep else options.jobs
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        work = [pool.submit(worker, os.environ["SCHEMAC_TEST_URL"], seeds[i::jobs], i,
                            options) for i in range(jobs)]
        for item in work:
            item.result()
    bad = [seed for seed, good, _ in results if not good]
    refused = sum("refused" in text for _, good, text in results if good)
    print(f"# {len(results)} pairs, {len(bad)} failed, {refused} whose rows were"
          " refused")
    return 1 if bad or len(results) != options.count else 0


if __name__ == "__main__":
    sys.exit(main())
