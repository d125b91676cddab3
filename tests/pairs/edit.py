"""Random edits of a schema: what people do to one between two migrations.

Each edit leaves a schema that the compiler takes, with the hints that a strict run asks
for. Knows nothing of databases.
"""
from generate import TYPES, Generator, facts
from things import Label

# How a value of any type becomes one of the new type.
USING = {"text": "{%d}::text", "int4": "length({%d}::text)", "int8": "7",
         "varchar(40)": "left({%d}::text, 40)", "bool": "true",
         "jsonb": "to_jsonb({%d})", "date": "date '2020-01-01'",
         "numeric": "length({%d}::text)", "uuid": "md5({%d}::text)::uuid"}
# What PostgreSQL takes by itself, and no value is lost by.
WIDER = {"int2": ["int4", "int8", "numeric"], "int4": ["int8", "numeric"],
         "int8": ["numeric"], "varchar(40)": ["text", "varchar(80)"],
         "char(8)": ["text"],
         "numeric(10,2)": ["numeric", "numeric(14,2)"], "date": ["timestamp"],
         "time": ["interval"], "json": ["jsonb"]}


class Editor(Generator):
    """Edits self.world; `strict`: with every hint, so that nothing is asked."""

    def __init__(self, rng, world, strict):
        super().__init__(rng)
        self.world, self.strict = world, strict
        # To the language, something new under the name of what has gone is the same
        # thing, changed.
        self.gone = set()
        self.first = {}
        for table in world.tables:
            self.first.update((c.id, c.name) for c in table.columns)
        for enum in world.enums:
            self.first.update((x.id, x.name) for x in enum.labels)
        for thing in world.tables + world.enums + world.domains + world.sequences:
            self.first[thing.id] = thing.name

    def let_go(self, thing, others):
        """Whether it may go: another one may have the name that it began with."""
        first = self.first.get(thing.id, thing.name)
        if any(other is not thing and other.name == first for other in others):
            return False
        self.gone |= {thing.name, first}
        return True

    def word(self, taken):
        """At times one that a rename has left: names are handed on in chains."""
        taken = set(taken) | self.gone
        left = sorted(set(self.first.values()) - taken)
        if left and self.maybe(0.15):
            return self.rng.choice(left)
        return super().word(taken)

    def pick(self, things):
        things = list(things)
        return self.rng.choice(things) if things else None

    # ---- what stands on what

    def users(self, id):
        """Columns of the type."""
        return [c for t in self.world.tables for c in t.columns
                if isinstance(c.type, tuple) and c.type[1] == id]

    def needed(self, table, column):
        """By what knows of its type."""
        return any(column.id in m.uses and m.kind != "unique"
                   for m in table.members) or any(
            "{%d}" % column.id in c.generated for c in table.columns)

    def is_target(self, table):
        return any(m.target == table.id for t in self.world.tables for m in t.members)

    def strays(self, mention):
        return any(mention in c.default for t in self.world.tables for c in t.columns)

    # ---- names

    def rename_table(self):
        table = self.pick(self.world.tables)
        if table:
            table.name = self.word(self.world.taken(table.schema))

    def rename_type(self):
        thing = self.pick(self.world.enums + self.world.domains + self.world.sequences)
        if thing:
            thing.name = self.word(self.world.taken(thing.schema))

    def rename_schema(self):
        schema = self.pick(self.world.schemas)
        schema.name = self.word({s.name for s in self.world.schemas})

    def rename_column(self):
        table = self.pick(self.world.tables)
        column = self.pick(table.columns) if table else None
        if column:
            column.name = self.word({c.name for c in table.columns})

    def move(self):
        """To another schema."""
        thing = self.pick(self.world.tables + self.world.enums + self.world.domains
                          + self.world.sequences)
        schema = self.pick(self.world.schemas)
        if thing and thing.name not in self.world.taken(schema.id):
            thing.schema = schema.id

    def change_extensions(self):
        self.world.extensions = [] if self.world.extensions else ["citext"]

    def change_soft_delete(self):
        table = self.pick(self.world.tables)
        if not table or any("deferrable" in m.text for m in table.members):
            return
        soft = [c for c in table.columns if "soft" in c.extras]
        for column in soft:
            column.extras = ""
        if not soft:
            self.soft_delete(table)

    def swap_columns(self):
        table = self.pick(self.world.tables)
        if table and len(table.columns) > 1:
            a, b = self.rng.sample(table.columns, 2)
            a.name, b.name = b.name, a.name

    def swap_tables(self):
        if len(self.world.tables) > 1:
            a, b = self.rng.sample(self.world.tables, 2)
            if a.schema == b.schema:
                a.name, b.name = b.name, a.name

    def rename_member(self):
        table = self.pick(self.world.tables)
        member = self.pick(m for m in table.members if m.name) if table else None
        if member:
            member.name = self.member_name(table)

    # ---- tables and columns

    def add_table(self):
        self.table(self.pick(self.world.schemas))

    def drop_table(self):
        table = self.pick(self.world.tables)
        if not table or not self.let_go(table, self.world.tables):
            return
        self.world.tables.remove(table)
        for other in self.world.tables:
            other.members = [m for m in other.members if m.target != table.id]

    def add_column(self):
        table = self.pick(self.world.tables)
        if not table:
            return
        column = self.column(table)
        if not column.nullable and not column.default:
            if self.strict and not isinstance(column.type, tuple):
                column.backfill = self.value(column)
            if not column.backfill:
                column.nullable = True
        table.columns.append(column)

    def refuses_null(self, column):
        """Whether its domain does, and has nothing for it."""
        if column.array or column.default or not isinstance(column.type, tuple) or \
                column.type[0] != "domain":
            return False
        domain = self.world.find(column.type[1])
        return domain.not_null and not domain.default

    def value(self, column):
        if column.array:
            return "'{}'"
        return (facts(column.type)[0] or [""])[0]

    def drop_column(self):
        table = self.pick(self.world.tables)
        if not table or len(table.columns) < 2:
            return
        column = self.pick(table.columns)
        key = table.key()
        if key and column.id in key.uses and self.is_target(table):
            return
        if any("{%d}" % column.id in c.generated for c in table.columns):
            return
        if not self.let_go(column, table.columns):
            return
        table.columns.remove(column)
        table.members = [m for m in table.members if column.id not in m.uses]

    def add_foreign_key(self):
        table = self.pick(self.world.tables)
        if table:
            self.foreign_key(table)
            table.columns[-1].nullable |= not table.columns[-1].default

    def add_generated(self):
        table = self.pick(self.world.tables)
        if table:
            self.generated(table)

    def change_generated(self):
        column = self.pick(c for t in self.world.tables for c in t.columns
                           if c.generated)
        if column and self.maybe(0.4):
            column.generated = ""
        elif column:
            column.generated = (column.generated.replace("* 2", "* 3")
                                .replace("upper", "lower"))

    def change_null(self):
        table = self.pick(self.world.tables)
        column = self.pick(c for c in table.columns
                           if not c.generated) if table else None
        if not column or column.numbering or "soft" in column.extras or (
                table.key() and column.id in table.key().uses):
            return
        members = [m for m in table.members if column.id in m.uses]
        if column.nullable:
            if any("set null" in m.after for m in members):
                return
            if isinstance(column.type, tuple) or not self.value(column):
                return
            column.nullable, column.backfill = False, self.value(column)
        else:
            column.nullable = True

    def change_default(self):
        column = self.pick(c for t in self.world.tables for c in t.columns
                           if not c.numbering and not c.generated
                           and "soft" not in c.extras)
        if column:
            old = column.default
            column.default = "" if old and self.maybe(0.4) else self.default(column)
            # One that is new and NOT NULL keeps what its rows get.
            if column.id not in self.first and not column.nullable and \
                    not column.backfill:
                column.default = column.default or old

    def change_extras(self):
        column = self.pick(c for t in self.world.tables for c in t.columns
                           if not c.array and not c.generated)
        if column and not isinstance(column.type, tuple) and \
                "soft" not in column.extras:
            self.extras(column)

    def change_type(self):
        table = self.pick(self.world.tables)
        column = self.pick(c for c in table.columns if not c.generated
                           and not c.numbering) if table else None
        if not column or "soft" in column.extras or column.array or \
                isinstance(column.type, tuple) or self.needed(table, column):
            return
        if column.type in WIDER and self.maybe(0.6):
            column.type = self.rng.choice(WIDER[column.type])
            if column.type not in TYPES:
                column.default = ""
        else:
            column.type = self.rng.choice(list(USING))
            column.using = USING[column.type]
            column.using = column.using % column.id if "%" in column.using else \
                column.using
        column.extras = ""
        if column.type in TYPES:
            column.default = self.default(column) if column.default else ""
            column.backfill = self.value(column) if column.backfill else ""

    def change_key_type(self):
        """int4 to int8, through the foreign keys that lead to it."""
        table = self.pick(t for t in self.world.tables if t.key()
                          and t.column(t.key().uses[0]).type == "int4")
        if not table:
            return
        table.column(table.key().uses[0]).type = "int8"
        for other in self.world.tables:
            for member in other.members:
                if member.target == table.id:
                    other.column(member.uses[0]).type = "int8"

    def change_numbering(self):
        column = self.pick(c for t in self.world.tables for c in t.columns
                           if c.name == "id" and c.type in ("int4", "int8"))
        if not column or column.default or column.generated or column.nullable or \
                column.array:
            return
        column.numbering = self.rng.choice(["", "serial", "identity",
                                            "identity by default"])
        column.options = ""
        if column.numbering.startswith("identity") and self.maybe(0.5):
            column.options = f"start with {self.rng.randint(1, 50)} increment by 3"

    def change_options(self):
        table = self.pick(self.world.tables)
        if table:
            table.options = self.rng.choice(["", "fillfactor = 70", "fillfactor = 90",
                                             "autovacuum_enabled = false"])

    def change_logged(self):
        table = self.pick(self.world.tables)
        if table and not self.is_target(table) and not any(
                m.target is not None for m in table.members):
            table.head = "" if table.head else "unlogged"

    def change_doc(self):
        things = (self.world.schemas + self.world.enums + self.world.domains
                  + self.world.sequences + self.world.tables
                  + [c for t in self.world.tables for c in t.columns]
                  + [m for t in self.world.tables for m in t.members])
        thing = self.pick(things)
        thing.doc = "" if thing.doc else "Said anew."

    # ---- members

    def add_member(self):
        table = self.pick(self.world.tables)
        if table:
            self.rng.choice([self.check, self.unique, self.index])(table)

    def drop_member(self):
        table = self.pick(self.world.tables)
        member = self.pick(table.members) if table else None
        if member and not (member.kind == "primary key" and self.is_target(table)):
            table.members.remove(member)

    def change_action(self):
        member = self.pick(m for t in self.world.tables for m in t.members
                           if m.target is not None)
        if member:
            member.after = self.rng.choice(["", " on delete cascade", " deferrable",
                                            " on update cascade"])

    # ---- types

    def add_type(self):
        self.rng.choice([self.enum, self.domain, self.sequence])(
            self.pick(self.world.schemas))

    def drop_type(self):
        thing = self.pick(self.world.enums + self.world.domains)
        if thing and not self.users(thing.id):
            for group in (self.world.enums, self.world.domains):
                if thing in group and self.let_go(thing, group):
                    group.remove(thing)

    def drop_sequence(self):
        sequence = self.pick(self.world.sequences)
        if sequence and not self.strays("<#%d>" % sequence.id) and \
                self.let_go(sequence, self.world.sequences):
            self.world.sequences.remove(sequence)

    def change_sequence(self):
        sequence = self.pick(self.world.sequences)
        if sequence:
            sequence.options = self.sequence_options()

    def add_label(self):
        enum = self.pick(self.world.enums)
        if enum:
            taken = {x.name for x in enum.labels}
            at = self.rng.randint(0, len(enum.labels))
            enum.labels.insert(at, Label(self.world.next(), self.word(taken)))

    def mentions(self, enum, label):
        """Columns and members that say the label, these with what they say."""
        text = f"'{label.name}'"
        columns = [c for c in self.users(enum.id) if text in c.default]
        said = [(c.id, f"{{{c.id}}} {sign} {text}") for c in self.users(enum.id)
                for sign in ("=", ">=")]
        members = [(t, m, phrase) for t in self.world.tables for m in t.members
                   for id, phrase in said if id in m.uses and phrase in m.text]
        return columns, members

    def rename_label(self):
        enum = self.pick(self.world.enums)
        if enum:
            label = self.pick(enum.labels)
            columns, members = self.mentions(enum, label)
            old, label.name = label.name, self.word({x.name for x in enum.labels})
            for thing in columns:
                thing.default = thing.default.replace(f"'{old}'", f"'{label.name}'")
            for _, member, said in members:
                member.text = member.text.replace(
                    said, said.replace(f"'{old}'", f"'{label.name}'"))

    def drop_label(self):
        enum = self.pick(e for e in self.world.enums if len(e.labels) > 1)
        if not enum:
            return
        label, heir = self.rng.sample(enum.labels, 2)
        if not self.let_go(label, enum.labels):
            return
        columns, members = self.mentions(enum, label)
        for thing in columns:
            thing.default = f"'{heir.name}'"
        for table, member, _ in members:
            table.members.remove(member)
        enum.labels.remove(label)
        enum.heirs = {g: heir.id if h == label.id else h
                      for g, h in enum.heirs.items()}
        enum.heirs[label.id] = heir.id

    def reorder_labels(self):
        enum = self.pick(self.world.enums)
        if enum:
            self.rng.shuffle(enum.labels)

    def change_domain(self):
        domain = self.pick(self.world.domains)
        if not domain:
            return
        what = self.rng.randint(0, 4)
        if what == 4:
            domain.not_null = not domain.not_null
        elif what == 0:
            domain.base = {"text": "varchar(90)", "varchar(60)": "text", "int4": "int8",
                           "numeric(12,2)": "numeric"}.get(domain.base, domain.base)
        elif what == 1:
            domain.default = "" if domain.default else (
                "'y'" if domain.base[0] in "tv" else "2")
        elif what == 2 and domain.checks:
            domain.checks.pop(self.rng.randrange(len(domain.checks)))
        else:
            domain.checks.append((f"more_{self.world.next()}",
                                  self.domain_check(domain.base)))

    # ---- the whole

    def edits(self):
        return [getattr(self, name) for name in (
            "move change_extensions change_soft_delete "
            "rename_table rename_type rename_schema rename_column rename_column "
            "swap_columns swap_tables rename_member add_table drop_table add_column "
            "add_column drop_column drop_column add_foreign_key add_generated "
            "change_generated change_null change_null change_default change_extras "
            "change_type change_type change_key_type change_numbering change_options "
            "change_logged change_doc add_member add_member drop_member change_action "
            "add_type drop_type drop_sequence change_sequence add_label add_label "
            "rename_label drop_label reorder_labels change_domain").split()]

    def make(self):
        for _ in range(self.rng.choice([1, 1, 2, 3, 4, 6, 9])):
            self.rng.choice(self.edits())()
        for table in self.world.tables if self.strict else []:
            for column in table.columns:
                if table.id in self.first and column.id not in self.first and \
                        self.refuses_null(column):
                    column.backfill = column.backfill or self.default(column)
        return self.world
