"""Schemas as objects: what a generator makes and edits, and their text in the language.

Every thing keeps its `id` through all edits, so that two versions of a schema say by
themselves what became of what. Knows nothing of databases.
"""
import copy
from dataclasses import dataclass, field
from typing import Optional

# Words that PostgreSQL or the language reserve; every name may be quoted.
QUOTED = {"order", "user", "check", "group", "end", "index", "table", "desc"}


def q(name):
    return f'"{name}"' if name in QUOTED else name


@dataclass
class Thing:
    id: int
    name: str
    doc: str = ""


@dataclass
class Label(Thing):
    pass


@dataclass
class Enum(Thing):
    schema: int = 0
    labels: list = field(default_factory=list)
    heirs: dict = field(default_factory=dict)  # label gone -> label that stays


@dataclass
class Domain(Thing):
    schema: int = 0
    base: str = "text"
    default: str = ""
    not_null: bool = False
    checks: list = field(default_factory=list)  # (name or "", expression)


@dataclass
class Sequence(Thing):
    schema: int = 0
    options: str = ""


@dataclass
class Column(Thing):
    type: object = "int4"  # text, or ("enum"|"domain", id)
    array: bool = False
    nullable: bool = False
    default: str = ""
    numbering: str = ""  # "", "serial", "identity", "identity by default"
    options: str = ""  # of identity
    generated: str = ""
    extras: str = ""  # collate, storage, compression
    using: str = ""
    backfill: str = ""


@dataclass
class Member:
    """A key, check, exclusion or index; text with {id} where a column's name stands."""
    id: int
    kind: str
    text: str
    uses: list
    name: str = ""
    doc: str = ""
    target: Optional[int] = None  # a foreign key's table
    after: str = ""  # what follows the target


@dataclass
class Table(Thing):
    schema: int = 0
    head: str = ""  # "unlogged"
    options: str = ""
    columns: list = field(default_factory=list)
    members: list = field(default_factory=list)

    def column(self, id):
        return next((c for c in self.columns if c.id == id), None)

    def key(self):
        return next((m for m in self.members if m.kind == "primary key"), None)


@dataclass
class Schema(Thing):
    pass


class World:
    """One version of everything."""

    def __init__(self):
        self.schemas, self.enums, self.domains = [], [], []
        self.sequences, self.tables = [], []
        self.extensions = []
        self.last = 0

    def next(self):
        self.last += 1
        return self.last

    def copy(self):
        return copy.deepcopy(self)

    def find(self, id):
        for group in (self.schemas, self.enums, self.domains, self.sequences,
                      self.tables):
            for thing in group:
                if thing.id == id:
                    return thing
        return None

    def of(self, group, schema):
        return [t for t in group if t.schema == schema.id]

    def taken(self, schema):
        return {t.name for g in (self.enums, self.domains, self.sequences, self.tables)
                for t in g if t.schema == schema}


class Printer:
    """The text of a world; with `before`, hints say what became of what."""

    def __init__(self, world, before=None, dropped=True):
        self.world, self.before, self.dropped = world, before, dropped
        self.lines = []

    def old(self, thing):
        return self.before.find(thing.id) if self.before else None

    def was(self, old, thing):
        if not old:
            return ""
        if getattr(old, "schema", None) != getattr(thing, "schema", None):
            return f" was {q(self.before.find(old.schema).name)}.{q(old.name)}"
        return f" was {q(old.name)}" if old.name != thing.name else ""

    def put(self, depth, text, doc=""):
        if doc:
            self.lines.append("    " * depth + "/// " + doc)
        self.lines.append("    " * depth + text)

    def qualified(self, thing):
        return f"{q(self.world.find(thing.schema).name)}.{q(thing.name)}"

    def type(self, column):
        kind = column.type
        if isinstance(kind, tuple):
            kind = self.qualified(self.world.find(kind[1]))
        if column.numbering == "serial":
            kind = "serial" + kind[-1]
        return kind + ("[]" if column.array else "") + ("?" if column.nullable else "")

    def column(self, table, column):
        old_table = self.old(table)
        old = old_table.column(column.id) if old_table else None
        names = {c.id: q(c.name) for c in table.columns}
        parts = [q(column.name), self.type(column)]
        if column.numbering.startswith("identity"):
            parts.append(column.numbering
                         + (f" ({column.options})" if column.options else ""))
        if column.default:
            parts.append("default " + self.expand(column.default, names))
        if column.generated:
            parts.append(f"generated ({self.expand(column.generated, names)})")
        parts.append(column.extras)
        if old and self.before:
            parts.append(self.was(old, column).strip())
        if self.before and column.using and old:
            parts.append(f"using ({self.expand(column.using, names)})")
        if self.before and column.backfill:
            parts.append(f"backfill ({self.expand(column.backfill, names)})")
        return " ".join(p for p in parts if p) + ";"

    def expand(self, text, names):
        """{12}: the column's name; <12>: a type's or sequence's qualified name."""
        for id, name in names.items():
            text = text.replace("{%d}" % id, name)
        while "<#" in text:
            at = text.index("<#")
            end = text.index(">", at)
            thing = self.world.find(int(text[at + 2:end]))
            text = text[:at] + self.qualified(thing) + text[end + 1:]
        return text

    def member(self, table, member):
        names = {c.id: q(c.name) for c in table.columns}
        text = self.expand(member.text, names)
        head, _, tail = text.partition("@")
        name = f" {q(member.name)} " if member.name else " "
        text = head.strip() + name + tail.strip()
        if member.target is not None:
            target = self.world.find(member.target)
            key = ", ".join(q(target.column(i).name) for i in target.key().uses)
            text += f" references {self.qualified(target)} ({key}){member.after}"
        old_table = self.old(table)
        old = next((m for m in old_table.members if m.id == member.id),
                   None) if old_table else None
        if old and old.name and member.name and old.name != member.name:
            text += f" was {q(old.name)}"
        return text + ";"

    def table(self, table):
        old = self.old(table)
        head = f"{table.head} " if table.head else ""
        was = self.was(old, table)
        options = f" with ({table.options})" if table.options else ""
        self.put(1, f"{head}table {q(table.name)}{was}{options} {{", table.doc)
        for column in table.columns:
            self.put(2, self.column(table, column), column.doc)
        if old and self.dropped:
            kept = {c.id for c in table.columns}
            names = {c.name for c in table.columns}
            for column in old.columns:
                if column.id not in kept and column.name not in names:
                    self.put(2, f"{q(column.name)} dropped;")
        for member in table.members:
            self.put(2, self.member(table, member), member.doc)
        self.put(1, "}")

    def enum(self, enum):
        old = self.old(enum)
        parts = []
        for label in enum.labels:
            before = next((x for x in old.labels if x.id == label.id),
                          None) if old else None
            parts.append(q(label.name) + (self.was(before, label) if before else ""))
        for gone, heir in enum.heirs.items():
            before = next((x for x in old.labels if x.id == gone),
                          None) if old else None
            to = next((x for x in enum.labels if x.id == heir), None)
            alive = {x.name for x in enum.labels}
            if before and to and self.dropped and before.name not in alive:
                parts.append(f"{q(before.name)} dropped as {q(to.name)}")
        was = self.was(old, enum) if old else ""
        self.put(1, f"enum {q(enum.name)}{was} {{ {', '.join(parts)} }}", enum.doc)

    def domain(self, domain):
        old = self.old(domain)
        text = f"domain {q(domain.name)} {domain.base}"
        if domain.not_null:
            text += " not null"
        if domain.default:
            text += f" default {domain.default}"
        for name, expression in domain.checks:
            text += f" check {name + ' ' if name else ''}({expression})"
        self.put(1, text + (self.was(old, domain) if old else "") + ";", domain.doc)

    def sequence(self, sequence):
        old = self.old(sequence)
        was = self.was(old, sequence) if old else ""
        self.put(1, f"sequence {q(sequence.name)} {sequence.options}{was};".replace(
            "  ", " ").replace(" ;", ";"), sequence.doc)

    def drops(self, schema):
        if not (self.before and self.dropped):
            return
        for word, group, now in (("table", self.before.tables, self.world.tables),
                                 ("enum", self.before.enums, self.world.enums),
                                 ("domain", self.before.domains, self.world.domains),
                                 ("sequence", self.before.sequences,
                                  self.world.sequences)):
            kept = {t.id for t in now}
            names = {t.name for t in now if t.schema == schema.id}
            for thing in group:
                if thing.schema == schema.id and thing.id not in kept and \
                        thing.name not in names:
                    self.put(1, f"{word} {q(thing.name)} dropped;")

    def text(self):
        for name in self.world.extensions:
            self.put(0, f"extension {name};")
        for schema in self.world.schemas:
            old = self.old(schema)
            was = self.was(old, schema) if old else ""
            self.put(0, f"schema {q(schema.name)}{was} {{", schema.doc)
            for enum in self.world.of(self.world.enums, schema):
                self.enum(enum)
            for domain in self.world.of(self.world.domains, schema):
                self.domain(domain)
            for sequence in self.world.of(self.world.sequences, schema):
                self.sequence(sequence)
            for table in self.world.of(self.world.tables, schema):
                self.table(table)
            self.drops(schema)
            self.put(0, "}")
        if self.before and self.dropped:
            kept = {s.id for s in self.world.schemas}
            names = {s.name for s in self.world.schemas}
            for schema in self.before.schemas:
                if schema.id not in kept and schema.name not in names:
                    self.put(0, f"schema {q(schema.name)} dropped;")
        return "\n".join(self.lines) + "\n"
