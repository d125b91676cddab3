# Prints a schema of many tables: awk -v tables=1000 -f bench/gen_schema.awk
#
# Each table has 10 columns of mixed types, a primary key, a unique key, a foreign key to
# an earlier table, a check and an index; every tenth has a query, every fiftieth an enum.
# Tables stand in schemas of 500, so that names stay as short as people's.

function enum_name(i) { return "state_" int((i - 1) / 50) }
function table_name(i) { return sprintf("orders_%d", i) }

function table(i,    parent, target) {
    parent = (i - 1) % 500 < 1 ? i : i - 1 - int((i * 7919) % ((i - 1) % 500))
    target = table_name(parent)
    printf "\n    /// Orders of kind %d.\n", i
    printf "    table %s {\n", table_name(i)
    printf "        id          int8           identity primary key;\n"
    printf "        parent_id   int8?          references %s on delete cascade;\n", target
    printf "        /// What people call it.\n"
    printf "        code        text           unique;\n"
    printf "        title       varchar(200);\n"
    printf "        amount      numeric(12,2)  default 0  check (amount >= 0);\n"
    printf "        state       %s?;\n", enum_name(i)
    printf "        active      bool           default true;\n"
    printf "        details     jsonb          default '{}';\n"
    printf "        created_at  timestamptz    default now();\n"
    printf "        updated_at  timestamptz    default now()  on update now();\n\n"
    printf "        index (parent_id, created_at desc, id desc);\n"
    printf "    }\n"
}

function query(i) {
    printf "\n    /// The active ones that cost at least `least`.\n"
    printf "    query dear_%d(least numeric) many %s {\n", i, table_name(i)
    printf "        where active and amount >= $least order by amount desc\n    }\n"
}

function start_part(part) {
    printf "/// Part %d of the business.\nschema part_%d {\n", part, part
}

BEGIN {
    for (i = 1; i <= tables; i++) {
        if (i % 500 == 1)
            start_part(int(i / 500) + 1)
        if (i % 50 == 1)
            print "\n    enum " enum_name(i) " { draft, open, closed, lost }"
        table(i)
        if (i % 10 == 0)
            query(i)
        if (i % 500 == 0 || i == tables)
            print "}"
    }
}
