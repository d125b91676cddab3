"""Two heads of one random schema, by their seeds: where they are said to fit, both
migrations apply in either order, and either way the catalog is that of the merged schema.
Prints TAP.

    merge.py FIRST COUNT

SCHEMAC is the compiler, MERGE_TOOL tests/support/merge_tool, SCHEMAC_TEST_URL a server.
"""
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SUPPORT = HERE.parent / "support"
sys.path[:0] = [str(HERE), str(SUPPORT)]
import transition as t  # noqa: E402
from edit import Editor  # noqa: E402
from generate import Generator  # noqa: E402
from things import Printer  # noqa: E402


class Few(Editor):
    """So few edits that two heads often fit."""

    def make(self):
        for _ in range(self.rng.choice([1, 1, 1, 2])):
            self.rng.choice(self.edits())()
        return self.world


def make_heads(seed, folder):
    parent = Generator(random.Random(seed)).make()
    (folder / "p.schema").write_text(Printer(parent).text())
    (folder / "empty.schema").write_text("")
    for head in "ab":
        world = Few(random.Random(f"{seed} {head}"), parent.copy(), True).make()
        (folder / f"{head}.schema").write_text(Printer(world, parent, True).text())


def merge(folder):
    """Writes m.schema; gives what is in the way instead."""
    files = [str(folder / f"{name}.schema") for name in "pab"]
    run = subprocess.run([os.environ["MERGE_TOOL"], *files], capture_output=True,
                         text=True, timeout=60)
    if run.returncode > 1 or run.returncode < 0:
        raise t.Failure(f"merge_tool: {run.returncode}\n{run.stderr}")
    (folder / "m.schema").write_text(run.stdout)
    return run.stderr.splitlines()[-1] if run.returncode else ""


def plan(folder, old, new):
    code, out, err = t.run_schemac("diff", folder / f"{old}.schema",
                                   folder / f"{new}.schema")
    if code:
        raise t.Failure(f"schemac diff {old} {new}: {code}\n{err}")
    path = folder / f"{old}_{new}.sql"
    path.write_text(out)
    return str(path)


def check(seed, url, folder):
    """Gives a comment for the line of TAP."""
    make_heads(seed, folder)
    in_the_way = merge(folder)
    if in_the_way:
        return f" # in the way: {in_the_way[4:]}"
    script, reset = t.Script(folder), str(SUPPORT / "reset.sql")
    script.run("reset", reset)
    script.run("both", plan(folder, "empty", "m"))
    script.dump("both")
    for first, second in ("ab", "ba"):
        script.run("reset", reset)
        script.run("the parent", plan(folder, "empty", "p"))
        script.run("rows", str(SUPPORT / "rows.sql"))
        script.run(f"{first} first", plan(folder, "p", first))
        script.run(f"then {second}", plan(folder, "p", second))
        script.dump(first + second)
    error = script.apply(url)
    if error and t.is_refusal(error):
        return " # the rows were refused"
    if error:
        raise t.Failure(error)
    for order in ("ab", "ba"):
        t.compare(folder, order, "both", f"{order}: the catalog is not that of both")
    return ""


def main():
    first, count = map(int, sys.argv[1:3])
    server, database = os.environ["SCHEMAC_TEST_URL"], f"merge_{os.getpid()}"
    url, failed, fit = t.create(server, database), 0, 0
    print(f"1..{count}")
    for seed in range(first, first + count):
        with tempfile.TemporaryDirectory() as scratch:
            try:
                comment = check(seed, url, Path(scratch))
                fit += not comment
                print(f"ok - heads of seed {seed}{comment}", flush=True)
            except (t.Failure, RuntimeError) as failure:
                failed += 1
                shown = "".join(f"    {line}\n" for line in str(failure).splitlines())
                print(f"not ok - heads of seed {seed}\n{shown}", end="", flush=True)
    t.drop(server, database)
    print(f"# {count} forks, {fit} fitted, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
