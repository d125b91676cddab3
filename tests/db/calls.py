#!/usr/bin/env python3
"""Writes a C program that calls every function of a folder of generated headers.

    calls.py FOLDER UMBRELLA.h > calls.c

Each function is called in transactions that are rolled back: with what it must be given,
and with every optional argument, cursor and member too; each of these directly and on a
batch. The program prints TAP: a call is fine when the server took the statement and
described what the code was made for, whatever it then thought of the values; one on a batch
when it ends as the direct one did.
"""
import pathlib
import re
import sys

LABELS = set()  # enums of labels; all others are choices
STRUCTS = {}    # tag: [(type, name, optional)]


def read(folder):
    texts = []
    for path in sorted(pathlib.Path(folder).glob("*.h")):
        text = path.read_text(encoding="utf-8")
        for tag, body in re.findall(r"^enum (\w+) \{\n(.*?)^\};", text, re.M | re.S):
            if "__UNSET" in body:
                LABELS.add(tag)
        for tag, body in re.findall(r"^struct (\w+) \{\n(.*?)^\};", text, re.M | re.S):
            STRUCTS[tag] = members(body)
        texts.append(re.sub(r"/\*.*?\*/", "", text, flags=re.S))
    return "\n".join(texts)


def members(body):
    found, doc = [], ""
    for line in body.splitlines():
        above = re.match(r"\s*(/\*\*| \*)(?!<)(.*)", line)
        if above:
            doc += above.group(2)
            continue
        match = re.match(r"\s*(.*?)(\w+);(.*)$", line)
        if match:
            kind, name, behind = match.groups()
            optional = "counts only" in doc + behind or " or NULL" in doc + behind
            found.append((kind.strip(), name, optional))
        doc = ""
    return found


def value(kind, full):
    """An initialiser for a C type."""
    kind = kind.strip()
    if kind == "const char *":
        return '"1"'
    if kind.startswith("enum "):
        return f"({kind})1" if kind[5:] in LABELS else f"({kind}){int(full)}"
    if kind in ("struct sc_numeric",):
        return '{ "1" }'
    if kind == "struct sc_bytea":
        return '{ "", 0 }'
    if kind == "struct sc_inet":
        return "{ 4, 32, 0, { 127, 0, 0, 1 } }"
    maybe = re.match(r"struct (?:(sc)_maybe_(\w+)|(\w+_)?maybe_(\w+))$", kind)
    if maybe:
        return "{ SC_IS_VALUE, " + value(inner(maybe), full) + " }"
    if kind.startswith("struct ") and (kind.endswith("s") or kind.endswith("_list")):
        return "{ (const void *)empty, 0, NULL }"
    if kind.startswith("struct "):
        return "{ 0 }"
    return "1"


def inner(maybe):
    """The type of a struct sc_maybe_x's value."""
    _, tag, prefix, label = maybe.groups()
    plain = {"text": "const char *", "numeric": "struct sc_numeric", "bytea":
             "struct sc_bytea", "inet": "struct sc_inet", "bool": "bool"}
    if not tag:
        own = (prefix or "") + label
        return f"struct {own}" if label.endswith("_list") else f"enum {own}"
    if tag in plain:
        return plain[tag]
    if re.match(r"(int\d|oid|float\d)$", tag):
        return "int"
    return "struct sc_" + tag


def filled(tag, name, full):
    """Lines that fill a local struct."""
    lines = [f"    struct {tag} {name} = {{"]
    for kind, member, optional in STRUCTS[tag]:
        if member != "sc__none" and (full or not optional):
            lines.append(f"        .{member} = {value(kind, full)},")
    return lines + ["    };"]


def call(name, parameters, full):
    """The body of one call: lines, and the arguments."""
    lines, arguments, owned = [], [], []
    for parameter in parameters:
        kind, argument = re.match(r"(.*?)(\w+)\)?(?:\(.*\))?$", parameter).groups()
        kind = kind.strip()
        local = "sc__" + argument
        const = re.match(r"const struct (\w+) \*$", kind)
        if argument == "db" and "sc_db" in kind:
            arguments.append("db")
        elif argument == "err" and "sc_error" in kind:
            arguments.append("&err")
        elif const and argument in ("after", "patch") and not full:
            if argument == "patch":
                lines.append(f"    struct {const.group(1)} {local} = {{ 0 }};")
            arguments.append("NULL" if argument == "after" else f"&{local}")
        elif "(*" in parameter:
            lines.append("    int sc__calls = 0;")
            arguments.append(callback(parameter, full))
        elif kind == "void *":
            arguments.append("&sc__calls")
        elif kind == "struct sc_stream **":
            lines.append("    struct sc_stream *sc__stream = NULL;")
            arguments.append("&sc__stream")
        elif const:
            whole = full or argument == "values"
            lines += filled(const.group(1), local, whole)
            arguments.append(f"&{local}")
        elif kind.endswith("*") and kind != "const char *":
            target = kind[:-1].strip()
            lines += [f"    {target} {local};", f"    memset(&{local}, 0, sizeof {local});"]
            arguments.append(f"&{local}")
            if target.endswith("*"):
                owned.append(local)
        else:
            lines.append(f"    {kind} {local} = {value(kind, full)};")
            arguments.append(local)
    lines.append(f'    enum sc_status status = {name}({", ".join(arguments)});')
    if "&sc__stream" in arguments:
        lines += read_all(name)
    lines.append(f'    report("{name}", {int(full)}, status, batch, &err);')
    return lines + [f"    sc_free((void *){local});" for local in owned]


CALLBACKS = []  # definitions of what gives a row to a load


def callback(parameter, full):
    """A callback that gives one row."""
    tag = re.search(r"struct (\w+) \*row", parameter).group(1)
    name = f"next_{tag}_{int(full)}"
    CALLBACKS.append("\n".join(
        [f"static int {name}(void *arg, struct {tag} *row)", "{"] +
        filled(tag, "sc__row", True) +
        ["    *row = sc__row;", "    return ++*(int *)arg == 1;", "}"]))
    return name


NEXTS = {}  # what a stream's rows are taken by: function, type of the output


def read_all(name):
    """Lines that read a stream to its end and close it."""
    base = name[:-len("_stream")] if name.endswith("_stream") else name[:-len("_scan")]
    function, kind = NEXTS.get(base) or NEXTS[ROWS[base]]
    return [f"    {kind} sc__row = NULL;",
            "    do",
            "        if (status == SC_OK)",
            f"            status = {function}(sc__stream, &sc__row, &err);",
            "    while (status == SC_OK && sc__row);",
            "    sc_stream_close(sc__stream);"]


ROWS = {}  # function: base of its rows


HEAD = """\
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "%s"

static const void *empty[2];
static int tests, bad;

static enum sc_status direct; /* of the same call, not on a batch */

static int is_fine(const char *name, int full, enum sc_status status,
                   const struct sc_error *err)
{
    int fine = 0;
    switch (status) {
    case SC_OK: case SC_NOT_FOUND: case SC_TOO_MANY: case SC_STALE: case SC_UNIQUE:
    case SC_FOREIGN_KEY: case SC_CHECK: case SC_EXCLUSION:
        fine = 1;
        break;
    case SC_BAD_VALUE:
        fine = !strncmp(err->sqlstate, "22", 2);
        break;
    case SC_MISUSE: /* a patch that gives nothing */
        fine = !full && strstr(name, "_update") != NULL;
        break;
    default: /* what "1" is not: a relation's name, an hstore ... */
        fine = strstr(err->message, "\\"1\\" does not exist") != NULL ||
               strstr(err->message, "nexpected end of string") != NULL;
        break;
    }
    return fine;
}

static void report(const char *name, int full, enum sc_status status,
                   struct sc_batch *batch, struct sc_error *err)
{
    int fine;
    size_t length = strlen(name);
    int now = !strcmp(name + length - 5, "_scan") || !strcmp(name + length - 10, "_load_from") ||
              !strcmp(name + length - 7, "_stream");
    if (batch && now) {
        fine = status == SC_MISUSE;
    } else if (batch) {
        if (status == SC_QUEUED) {
            (void)sc_batch_run(batch, err);
            status = sc_batch_status(batch, 0, err);
        }
        /* A sequence has moved on: what referred to its own row does not any more. */
        fine = status == direct ||
               (status == SC_FOREIGN_KEY && is_fine(name, full, direct, err));
    } else {
        direct = status;
        fine = is_fine(name, full, status, err);
    }
    printf("%%sok %%d - %%s%%s%%s\\n", fine ? "" : "not ", ++tests, name, full ? ", full" : "",
           batch ? ", on a batch" : "");
    if (!fine) {
        bad = 1;
        printf("# %%s %%s: %%s\\n", sc_status_name(status), err->sqlstate, err->message);
    }
}
"""

MAIN = """
int main(void)
{
    struct sc_error err;
    struct sc_db *db, *tx;
    struct sc_batch *batch;
    memset(&err, 0, sizeof err);
    if (sc_open(getenv("DATABASE_URL"), &db, &err) != SC_OK) {
        printf("Bail out! %s\\n", err.message);
        return 1;
    }
    for (size_t i = 0; i < 2 * (sizeof calls / sizeof *calls); i++) {
        if (sc_tx_begin(db, NULL, &tx, &err) != SC_OK ||
            sc_batch_open(tx, &batch, &err) != SC_OK) {
            printf("Bail out! %s\\n", err.message);
            return 1;
        }
        if (i % 2) {
            calls[i / 2](sc_queue(batch), batch);
        } else {
            calls[i / 2](tx, NULL);
        }
        sc_batch_close(batch);
        sc_tx_rollback(tx);
    }
    sc_close(db);
    printf("1..%d\\n", tests);
    return bad;
}
"""


def main():
    folder, umbrella = sys.argv[1:]
    text = read(folder)
    found = re.findall(r"^enum sc_status (\w+)\(\s*(struct sc_db \*db,.*?)\);", text,
                       re.M | re.S)
    for name, kind in re.findall(r"^enum sc_status (\w+_next)\(\s*struct sc_stream \*stream,"
                                 r"\s*(.*?)\*(?:row|value),", text, re.M | re.S):
        kind = " ".join(kind.split())
        NEXTS[name[:-len("_next")]] = NEXTS[kind] = (name, kind)
    for name, tag in re.findall(r"^enum sc_status (\w+)\([^;]*?struct (\w+) \*\*rows", text,
                                re.M | re.S):
        ROWS[name] = f"struct {tag} *"
    print(HEAD % umbrella)
    calls, bodies = [], []
    for name, parameters in found:
        parameters = [" ".join(p.split()) for p in re.split(r",(?![^(]*\))", parameters)]
        for full in (False, True):
            function = f"call_{len(calls)}"
            calls.append(function)
            body = "\n".join(call(name, parameters, full))
            bodies.append(
                f"static void {function}(struct sc_db *db, struct sc_batch *batch)\n{{\n"
                "    struct sc_error err;\n    memset(&err, 0, sizeof err);\n"
                f"{body}\n}}\n")
    print("\n".join(CALLBACKS + bodies))
    print("static void (*const calls[])(struct sc_db *, struct sc_batch *) = {")
    print("\n".join(f"    {c}," for c in calls) + "\n};")
    print(MAIN)


main()
