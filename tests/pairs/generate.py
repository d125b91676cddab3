"""Random schemas, by a seed: every kind of object and attribute that the language has.

Only schemas that the compiler takes and PostgreSQL makes. Knows nothing of edits.
"""
from things import (Column, Domain, Enum, Label, Member, QUOTED, Schema, Sequence,
                    Table, World)

WORDS = """account amount author badge batch body code color comment counter country
customer day device draft email entry event file flag folder invoice item kind label lot
market message note number offer owner page parcel part people place plan post price
product quota rate region report review role route sale score season session shelf shop
signal site slot stage state step stock tag task team ticket title token tour unit value
version visit voucher wallet""".split() + sorted(QUOTED)

# type: (defaults, checks, btree, values that a literal of the type has)
TYPES = {
    "int2": (["0", "7"], "{} > -30000", True),
    "int4": (["0", "-5", "1 + 2"], "{} > -1000000", True),
    "int8": (["0", "9000000000"], "{} <> -1", True),
    "numeric(10,2)": (["1.50", "0"], "{} < 99999999", True),
    "numeric": (["1e3"], None, True),
    "float8": (["0.5"], None, True),
    "text": (["'x'", "'it''s'", "''", "E'a\\\\nb'", "'a' || 'b'"],
             "length({}) < 5000", True),
    "varchar(40)": (["'x'"], "{} <> 'nothing'", True),
    "char(8)": (["'x'"], None, True),
    "bool": (["true", "false"], None, True),
    "date": (["date '2020-02-02'", "current_date"], "{} > '1900-01-01'", True),
    "timestamptz": (["now()"], None, True),
    "timestamp": (["localtimestamp"], None, True),
    "time": (["'10:00'"], None, True),
    "interval": (["'1 day'"], None, True),
    "uuid": (["gen_random_uuid()"], None, True),
    "jsonb": (["'{}'", "'{\"a\": \"it''s\"}'"], "jsonb_typeof({}) is not null", False),
    "json": (["'[]'"], None, False),
    "bytea": (["'\\x00'"], None, True),
    "inet": (["'10.0.0.1'"], None, True),
    "point": (["'(1,2)'"], None, False),
    "bit(4)": (["B'0101'"], None, True),
    "tsvector": (["''"], None, False),
    "int4range": (["'[1,5)'"], "not isempty({})", False),
    "daterange": (["'[2020-01-01,)'"], None, False),
}


def facts(type):
    """Of what only an edit makes (varchar(80)) nothing is known."""
    return TYPES.get(type, ([], None, True))


ARRAYS = ["int4", "text", "uuid", "numeric(10,2)"]
DOCS = ["What it is.", "It's \"quoted\", 100 %; and so on.", "Two -- dashes.",
        "ä ö ü"]


class Generator:
    def __init__(self, rng):
        self.rng = rng
        self.world = World()

    # ---- names and docs

    def word(self, taken):
        while True:
            name = self.rng.choice(WORDS)
            # "of": no two lists of names read the same when they are joined, and none
            # is a word of SQL's.
            if self.rng.random() < 0.3:
                name += "_of_" + self.rng.choice(WORDS)
            if name not in taken:
                return name

    def doc(self):
        return self.rng.choice(DOCS) if self.rng.random() < 0.15 else ""

    def maybe(self, chance):
        return self.rng.random() < chance

    # ---- types

    def labels(self, n):
        labels, names = [], set()
        for _ in range(n):
            name = self.word(names | QUOTED)
            names.add(name)
            labels.append(Label(self.world.next(), name))
        return labels

    def enum(self, schema):
        name = self.word(self.world.taken(schema.id))
        enum = Enum(self.world.next(), name, self.doc(), schema.id,
                    self.labels(self.rng.randint(1, 5)))
        self.world.enums.append(enum)
        return enum

    def domain(self, schema):
        name = self.word(self.world.taken(schema.id))
        base = self.rng.choice(["text", "int4", "varchar(60)", "numeric(12,2)"])
        domain = Domain(self.world.next(), name, self.doc(), schema.id, base)
        domain.not_null = self.maybe(0.1)
        if self.maybe(0.4):
            domain.default = "'x'" if base[0] in "tv" else "1"
        for i in range(self.rng.randint(0, 2)):
            domain.checks.append(("" if self.maybe(0.5) else f"rule_{i}",
                                  self.domain_check(base)))
        self.world.domains.append(domain)
        return domain

    def domain_check(self, base):
        limit = self.rng.randint(1000, 9000)
        return (f"length(value) < {limit}" if base[0] in "tv"
                else f"value > -{limit}")

    def sequence_options(self):
        options = []
        if self.maybe(0.3):
            options.append("as " + self.rng.choice(["int2", "int4", "int8"]))
        if self.maybe(0.3):
            options.append(f"start with {self.rng.randint(10, 20)}")
        if self.maybe(0.3):
            options.append(f"increment by {self.rng.randint(1, 3)}")
        if self.maybe(0.2):
            options.append(f"minvalue {self.rng.randint(-5, 5)}")
        if self.maybe(0.2):
            options.append(f"maxvalue {self.rng.randint(5000, 9000)}")
        if self.maybe(0.2):
            options.append("cache 5")
        if self.maybe(0.2):
            options.append("cycle")
        return " ".join(options)

    def sequence(self, schema):
        name = self.word(self.world.taken(schema.id))
        sequence = Sequence(self.world.next(), name, self.doc(), schema.id,
                            self.sequence_options())
        self.world.sequences.append(sequence)
        return sequence

    # ---- columns

    def type(self, column):
        """Gives the column a type and what goes with it."""
        column.array, column.default, column.extras = False, "", ""
        roll = self.rng.random()
        if roll < 0.15 and self.world.enums:
            enum = self.rng.choice(self.world.enums)
            column.type = ("enum", enum.id)
            column.array = self.maybe(0.25)
        elif roll < 0.25 and self.world.domains:
            column.type = ("domain", self.rng.choice(self.world.domains).id)
        elif roll < 0.32:
            column.type, column.array = self.rng.choice(ARRAYS), True
        else:
            column.type = self.rng.choice(list(TYPES))
            self.extras(column)
        if self.maybe(0.4):
            column.default = self.default(column)

    def extras(self, column):
        if column.type in ("text", "varchar(40)"):
            column.extras = self.rng.choice(["", "", "", 'collate "C"',
                                             "storage external", "compression pglz"])

    def default(self, column):
        if column.array:
            return "'{}'"
        if isinstance(column.type, tuple):
            thing = self.world.find(column.type[1])
            if column.type[0] == "enum":
                return f"'{self.rng.choice(thing.labels).name}'"
            return "'d'" if thing.base[0] in "tv" else "3"
        if column.type in ("int4", "int8") and self.world.sequences and self.maybe(0.2):
            return f"nextval('<#{self.rng.choice(self.world.sequences).id}>')"
        return self.rng.choice(facts(column.type)[0] or [""])

    def column(self, table, taken=frozenset()):
        names = {c.name for c in table.columns} | taken
        column = Column(self.world.next(), self.word(names), self.doc())
        self.type(column)
        column.nullable = self.maybe(0.4)
        return column

    def key_column(self, table):
        column = Column(self.world.next(), "id", self.doc())
        column.type = self.rng.choice(["int4", "int8", "int8", "text", "uuid"])
        if column.type[0] == "i":
            column.numbering = self.rng.choice(["", "serial", "identity", "identity",
                                                "identity by default"])
            if column.numbering.startswith("identity") and self.maybe(0.3):
                column.options = "start with 5 increment by 2"
        elif column.type == "uuid":
            column.default = "gen_random_uuid()"
        return column

    # ---- members

    def plain(self, table, btree=True):
        """Columns that an index, key or check can stand on."""
        found = []
        for column in table.columns:
            if column.array or (isinstance(column.type, tuple)):
                if isinstance(column.type, tuple) and not column.array:
                    found.append(column)
            elif facts(column.type)[2] or not btree:
                found.append(column)
        return found

    def add(self, table, kind, text, uses, **more):
        member = Member(self.world.next(), kind, text, uses, doc=self.doc(), **more)
        table.members.append(member)
        return member

    def some(self, columns, most):
        return self.rng.sample(columns, min(len(columns), self.rng.randint(1, most)))

    def refs(self, columns):
        return ", ".join("{%d}" % c.id for c in columns)

    def check(self, table):
        can = [c for c in table.columns if not c.array and not isinstance(c.type, tuple)
               and facts(c.type)[1] and not c.generated]
        enums = [c for c in table.columns if isinstance(c.type, tuple)
                 and c.type[0] == "enum" and not c.array]
        if enums and self.maybe(0.4):
            column = self.rng.choice(enums)
            label = self.rng.choice(self.world.find(column.type[1]).labels)
            self.add(table, "check",
                     "check @ ({%d} is null or {%d} >= '%s' or true)"
                     % (column.id, column.id, label.name), [column.id])
        elif can:
            column = self.rng.choice(can)
            test = facts(column.type)[1].replace("{}", "{%d}" % column.id)
            self.add(table, "check", f"check @ ({test})", [column.id])

    def unique(self, table):
        columns = self.some(self.plain(table), 2)
        if not columns:
            return
        key = table.key()
        uses = [c.id for c in columns]
        if key and uses == key.uses:
            return
        nulls = " nulls not distinct" if self.maybe(0.2) else ""
        soft = any("soft" in c.extras for c in table.columns)
        tail = " deferrable" if self.maybe(0.1) and not soft else ""
        self.add(table, "unique", f"unique @{nulls} ({self.refs(columns)}){tail}", uses)

    def index(self, table):
        columns = self.some(self.plain(table), 2)
        texts = [c for c in table.columns if c.type == "text" and not c.array]
        other = [c for c in table.columns if c.type == "jsonb" or c.array]
        ranges = [c for c in table.columns if c.type == "int4range" and not c.array]
        roll = self.rng.random()
        if roll < 0.15 and texts:
            column = self.rng.choice(texts)
            self.add(table, "index", "index @ (lower({%d}))" % column.id, [column.id])
        elif roll < 0.25 and other:
            column = self.rng.choice(other)
            self.add(table, "index", "index @ using gin ({%d})" % column.id,
                     [column.id])
        elif roll < 0.4 and ranges:
            column = self.rng.choice(ranges)
            text = "exclude @ using gist ({%d} with &&)" % column.id
            self.add(table, "exclude", text, [column.id])
        elif columns:
            self.plain_index(table, columns)

    def plain_index(self, table, columns):
        uses = [c.id for c in columns]
        parts = ["{%d}" % c.id + self.rng.choice(["", "", " desc", " desc nulls last"])
                 for c in columns]
        head = "unique index" if self.maybe(0.15) else "index"
        text = f"{head} @ ({', '.join(parts)})"
        rest = [c for c in self.plain(table) if c.id not in uses]
        if rest and self.maybe(0.15):
            text += " include ({%d})" % rest[0].id
            uses.append(rest[0].id)
        if self.maybe(0.15):
            text += " with (fillfactor = 80)"
        if self.maybe(0.2):
            column = self.rng.choice(table.columns)
            text += " where (%s)" % self.predicate(column)
            uses.append(column.id)
        self.add(table, "index", text, uses)

    def predicate(self, column):
        if isinstance(column.type, tuple) and column.type[0] == "enum" and \
                not column.array:
            label = self.rng.choice(self.world.find(column.type[1]).labels)
            return "{%d} = '%s'" % (column.id, label.name)
        return "{%d} is not null" % column.id

    def foreign_key(self, table):
        """To a table with a key of one column, by a new column of its type."""
        can = [t for t in self.world.tables if t.key() and len(t.key().uses) == 1
               and not (t.head and not table.head)]
        if not can:
            return
        target = self.rng.choice(can)
        key = target.column(target.key().uses[0])
        if isinstance(key.type, tuple) or key.array:
            return
        names = {c.name for c in table.columns}
        column = Column(self.world.next(), self.word(names), self.doc(), type=key.type,
                        nullable=target is table or self.maybe(0.5))
        table.columns.append(column)
        after = self.rng.choice(["", "", " on delete cascade",
                                 " on delete set null" if column.nullable else "",
                                 " deferrable initially deferred",
                                 " on update cascade on delete restrict"])
        self.add(table, "foreign key", "foreign key @ ({%d})" % column.id, [column.id],
                 target=target.id, after=after)

    def generated(self, table):
        can = [c for c in table.columns if c.type in ("int4", "text") and not c.array
               and not c.generated]
        if not can:
            return
        source = self.rng.choice(can)
        column = Column(self.world.next(), self.word({c.name for c in table.columns}),
                        type=source.type, nullable=True)
        column.generated = ("{%d} * 2" if source.type == "int4"
                            else "upper({%d})") % source.id
        table.columns.append(column)

    # ---- tables and the whole

    def table(self, schema):
        name = self.word(self.world.taken(schema.id))
        table = Table(self.world.next(), name, self.doc(), schema.id)
        if self.maybe(0.08):
            table.head = "unlogged"
        if self.maybe(0.1):
            table.options = "fillfactor = 70"
        if self.maybe(0.9):
            key = self.key_column(table)
            table.columns.append(key)
            self.add(table, "primary key", "primary key @ ({%d})" % key.id, [key.id])
        self.world.tables.append(table)
        for _ in range(self.rng.randint(1, 5)):
            table.columns.append(self.column(table))
        for make, chance in ((self.generated, 0.2), (self.foreign_key, 0.5),
                             (self.foreign_key, 0.2), (self.check, 0.4),
                             (self.check, 0.2), (self.unique, 0.3), (self.index, 0.5),
                             (self.index, 0.3)):
            if self.maybe(chance):
                make(table)
        if self.maybe(0.08) and not any("deferrable" in m.text for m in table.members):
            self.soft_delete(table)
        for member in table.members:
            if self.maybe(0.2):
                member.name = self.member_name(table)
        return table

    def member_name(self, table):
        taken = {m.name for t in self.world.tables for m in t.members}
        return f"{self.word(taken)}_m{self.world.next()}"

    def schema(self):
        taken = {s.name for s in self.world.schemas} | QUOTED
        schema = Schema(self.world.next(), self.word(taken), self.doc())
        self.world.schemas.append(schema)
        return schema

    def soft_delete(self, table):
        """Its unique keys hold among the living only."""
        name = self.word({c.name for c in table.columns})
        table.columns.append(Column(self.world.next(), name, type="timestamptz",
                                    nullable=True, extras="soft delete"))

    def make(self):
        for _ in range(self.rng.choice([1, 1, 2])):
            self.schema()
        if self.maybe(0.2):
            self.world.extensions.append("citext")
        for make, most in ((self.enum, 3), (self.domain, 2), (self.sequence, 2),
                           (self.table, 5)):
            for _ in range(self.rng.randint(0, most)):
                make(self.rng.choice(self.world.schemas))
        if not self.world.tables:
            self.table(self.world.schemas[0])
        return self.world
