"""One change of a database and back, by psql: what it was, becomes, and is again.

Databases are compared by catalog.sql, rows by what stands on both sides. Knows nothing
of how the SQL was made.
"""
import json
import os
import re
import subprocess
from collections import Counter
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
PSQL = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"]


class Failure(Exception):
    """A property that does not hold; the text says which and shows it."""


class Refused(Exception):
    """A check of the data refused before anything was changed."""


def url_of(server, database):
    """The same server's URL for another database."""
    return re.sub(r"^(postgres(?:ql)?://[^/]*/)[^?]*", r"\g<1>" + database, server)


def psql(url, script):
    """Runs a script; gives what psql said when it failed, else None."""
    run = subprocess.run([*PSQL, "-f", script, url], capture_output=True, text=True,
                         timeout=240)
    return None if run.returncode == 0 else run.stderr.strip() or "psql failed"


def create(server, name):
    run = subprocess.run([*PSQL, "-c", f'create database "{name}" template template0',
                          server], capture_output=True, text=True, timeout=60)
    if run.returncode:
        raise RuntimeError(run.stderr)
    return url_of(server, name)


def drop(server, name):
    subprocess.run([*PSQL, "-c", f'drop database if exists "{name}" (force)', server],
                   capture_output=True, timeout=60)


# ---- scripts -----------------------------------------------------------------------

QUIET = "discard all;\nset client_min_messages = error;\n"
# A line a row: the table, and the row as JSON.
ROWS = """select format('select %L, to_jsonb(t)::text from %s t', c.oid::regclass,
                        c.oid::regclass)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_'
   and n.nspname not in ('information_schema', 'schemac')
 order by 1 \\gexec
"""


class Script:
    """What psql does, stage by stage; each stage is named on stderr when it fails."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.text = []

    def run(self, stage, path):
        self.text.append(f"{QUIET}\\set stage '{stage}'\n\\i {path}\n")

    def do(self, stage, sql):
        self.text.append(f"{QUIET}\\set stage '{stage}'\n{sql}\n")

    def dump(self, name, rows=False):
        self.text.append(f"{QUIET}set search_path = pg_catalog;\n"
                         "\\pset format unaligned\n\\pset tuples_only on\n"
                         f"\\o {self.folder / name}.catalog\n"
                         + (HERE / "catalog.sql").read_text() + ";\n")
        if rows:
            self.text.append(f"\\o {self.folder / name}.rows\n{ROWS}")
        self.text.append("\\o\n")

    def apply(self, url):
        path = self.folder / "script.sql"
        path.write_text("".join(self.text))
        return psql(url, str(path))


# ---- comparing ---------------------------------------------------------------------

def read_catalog(folder, name):
    return (Path(folder) / f"{name}.catalog").read_text().splitlines()


def compare(folder, got, wanted, what):
    a, b = Counter(read_catalog(folder, got)), Counter(read_catalog(folder, wanted))
    if a != b:
        lines = [f"  has    {x}" for x in (a - b).elements()]
        lines += [f"  wanted {x}" for x in (b - a).elements()]
        raise Failure(what + ":\n" + "\n".join(lines[:40]))


def number(text):
    """4 and 4.00 are one value of a numeric."""
    return "# " + format(Decimal(text).normalize(), "f")


def read_rows(folder, name):
    rows = {}
    for line in (Path(folder) / f"{name}.rows").read_text().splitlines():
        table, _, text = line.partition("|")
        rows.setdefault(table, []).append(json.loads(text, parse_int=number,
                                                     parse_float=number))
    return rows


def column_types(folder, name):
    """What decides a value: its type, an enum's or domain's own text, NULL or not."""
    own, types = {}, {}
    for line in read_catalog(folder, name):
        found = re.match(r"(?:enum|domain) (\S+?):? (.*)", line)
        if found:
            own[found[1]] = found[2]
        found = re.match(r"column (.*?) not null ([tf]) .* generated (\S*) collate",
                         line)
        if found and not found[3]:
            where, _, kind = found[1].partition(" ")
            types[where] = kind.split("(")[0], found[2]
    return {w: (k, own.get(k.removesuffix("[]").replace('"', ""), ""), null)
            for w, (k, null) in types.items()}


def place(table, column):
    """As catalog.sql names a column."""
    return f"{table}.{column}".replace('"', "")


def compare_rows(folder, before, after, renamed, what):
    """renamed: (table, column) of the one side -> of the other; None: it has gone."""
    old, new = read_rows(folder, before), read_rows(folder, after)
    old_types, new_types = column_types(folder, before), column_types(folder, after)
    for table, rows in old.items():
        pairs, target = [], None
        for column in rows[0]:
            to = renamed(table, column)
            b = new_types.get(place(*to)) if to else None
            if not b:
                continue
            target = to[0]
            a = old_types.get(place(table, column))
            if a and a[:2] == b[:2] and a[2] >= b[2]:
                pairs.append((column, to[1]))
        if target is None:
            continue
        now = new.get(target, [])
        if len(now) != len(rows):
            raise Failure(f"{what}: {table} had {len(rows)} rows,"
                          f" {target} has {len(now)}")

        def seen(items, side):
            return Counter(json.dumps([r.get(p[side]) for p in pairs]) for r in items)
        if seen(rows, 0) != seen(now, 1):
            raise Failure(f"{what}: rows of {table} are not those of {target}: "
                          f"{pairs}\n  {rows}\n  {now}")


# ---- one pair ------------------------------------------------------------------------

def is_refusal(error):
    """A check of the plan: by its own words, or since the data cannot even be cast."""
    return "not so" in error or ("function inline_code_block" in error
                                 and " at IF" in error)


def untouched(url, folder, refused):
    """After a refusal: the database is what it was, rows included."""
    before = "up" if "down.sql:" in refused else "from"
    script = Script(folder)
    script.dump("refused", rows=True)
    error = script.apply(url)
    if error:
        raise Failure(error)
    compare(folder, "refused", before, f"refused after a change: {refused}")
    compare_rows(folder, before, "refused", lambda *it: it, "rows after a refusal")


def transition(url, folder, texts, renamed, back, rows=True, after_up=None):
    """texts: paths of the SQL: from, to, up, down. after_up: a command to be run when
    the first up is done. Raises Failure or Refused."""
    folder = Path(folder)
    reset = str(HERE / "reset.sql")
    script = Script(folder)
    script.run("reset", reset)
    script.run("the target from scratch", texts["to"])
    script.dump("to")
    script.run("reset", reset)
    script.run("the origin", texts["from"])
    if rows:
        script.run("rows", str(HERE / "rows.sql"))
    script.dump("from", rows)
    script.run("up", texts["up"])
    script.dump("up", rows)
    if after_up:
        script.text.append("\\! " + " ".join(f"'{x}'" for x in after_up) + "\n")
    script.run("down", texts["down"])
    script.dump("down", rows)
    script.run("up again", texts["up"])
    script.dump("again")
    for name in ("to", "from", "up", "down", "again"):
        for kind in ("catalog", "rows"):
            (folder / f"{name}.{kind}").unlink(missing_ok=True)
    error = script.apply(url)
    if error and is_refusal(error):
        untouched(url, folder, error)
        raise Refused(error)
    if error:
        raise Failure(error)
    compare(folder, "up", "to", "after up, the catalog is not the target's")
    compare(folder, "down", "from", "after down, the catalog is not the origin's")
    compare(folder, "again", "to", "after up again, the catalog is not the target's")
    if rows:
        compare_rows(folder, "from", "up", renamed, "rows after up")
        compare_rows(folder, "up", "down", back, "rows after down")


def run_schemac(*args):
    """stdout of the compiler; its message when it refuses."""
    run = subprocess.run([os.environ["SCHEMAC"], *map(str, args)], capture_output=True,
                         text=True, timeout=60)
    return run.returncode, run.stdout, run.stderr
