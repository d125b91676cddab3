/* enums.c: a C enum for each enum type, with its lists, texts and descriptor. Must not
 * know of tables. */
#include "../sql/write.h"
#include "names.h"
#include "unit.h"

static const char enum_head[] = "enum ${enum} {\n";
static const char enum_values[] =
    "    ${upper}__UNKNOWN = -1, /**< a label that this program does not know */\n"
    "    ${upper}__UNSET = 0, /**< no label: a member that was left out */\n";

static const char enum_forms[] =
    "};\n"
    "SC_ARRAY_OF(${list}, enum ${enum});\n"
    "SC_MAYBE(${maybe}, enum ${enum});\n"
    "SC_MAYBE(${maybe_list}, struct ${list});\n"
    "\n"
    "/** The label of a value, NULL for unset and unknown; static text. */\n"
    "const char *${text}(enum ${enum} value);\n"
    "/** The value of a label: ${upper}__UNKNOWN for any other\n"
    " *  text, ${upper}__UNSET for NULL. */\n"
    "enum ${enum} ${parse}(const char *label);\n"
    "/* For generated code only. */\n"
    "extern const struct sc__enum ${descriptor};\n";

static const char enum_functions[] =
    "\n"
    "const char *${text}(enum ${enum} value)\n"
    "{\n"
    "    return sc__label(&${descriptor}, value);\n"
    "}\n"
    "\n"
    "enum ${enum} ${parse}(const char *label)\n"
    "{\n"
    "    return (enum ${enum})sc__label_value(&${descriptor}, label);\n"
    "}\n";

enum { ENUM_HOLES = 8 };
static void fill_holes(struct hole holes[ENUM_HOLES], struct arena *arena,
                       const struct model_enum *enum_)
{
    struct str base = name_enum(arena, enum_);
    struct hole made[ENUM_HOLES] = {
        { "enum", name_global(arena, base, "") },
        { "upper", name_upper(arena, base) },
        { "list", form_enum_list(arena, enum_) },
        { "maybe", name_enum_maybe(arena, enum_, "") },
        { "maybe_list", name_enum_maybe(arena, enum_, "_list") },
        { "text", name_global(arena, base, "_text") },
        { "parse", name_global(arena, base, "_parse") },
        { "descriptor", form_enum_descriptor(arena, enum_) },
    };
    memcpy(holes, made, sizeof made);
}

/* The type's name as SQL writes it. */
static struct str sql_name(struct arena *arena, const struct model_enum *enum_)
{
    struct model_type type = { .kind = MODEL_ENUM,
                               .enum_ = (struct model_enum *)(uintptr_t)enum_ };
    return form_sql(arena, &type);
}

static struct str doc_enum(struct arena *arena, const struct model_enum *enum_)
{
    struct str type = name_join(arena, STR("Enum "), sql_name(arena, enum_), STR("."));
    bool documented = enum_->name.doc.n > 0;
    return name_join(arena, enum_->name.doc, documented ? STR("\n") : STR(""), type);
}

static struct str doc_label(struct arena *arena, const struct model_label *label)
{
    bool same = str_eq(label->ident, label->name.name);
    struct str shown = same ? STR("")
                            : name_join(arena, STR("\""), label->name.name, STR("\""));
    bool both = shown.n && label->name.doc.n;
    struct str gap = both ? STR(". ") : STR("");
    return name_join(arena, shown, gap, label->name.doc);
}

void emit_enum_header(struct writer *w, const struct unit *unit,
                      const struct model_enum *enum_)
{
    struct arena *arena = unit->arena;
    struct hole holes[ENUM_HOLES];
    fill_holes(holes, arena, enum_);
    write_blank(w);
    write_doc(w, doc_enum(arena, enum_));
    write_template(w, enum_head, holes, ENUM_HOLES);
    write_template(w, enum_values, holes, ENUM_HOLES);
    w->indent++;
    for (size_t i = 0; i < enum_->labels.n; i++) {
        const struct model_label *label = &enum_->labels.items[i];
        bool last = i + 1 == enum_->labels.n;
        struct str name = name_label(arena, enum_, label);
        struct str code = str_of(arena_printf(arena, "%.*s = %zu%s", STR_ARGS(name),
                                              i + 1, last ? "" : ","));
        write_documented(w, code, doc_label(arena, label));
    }
    w->indent--;
    write_template(w, enum_forms, holes, ENUM_HOLES);
}

static void emit_labels(struct writer *w, const struct unit *unit,
                        const struct model_enum *enum_)
{
    struct str *labels = arena_array(unit->arena, struct str, enum_->labels.n + 1);
    struct buf text = { 0 };
    for (size_t i = 0; i < enum_->labels.n; i++) {
        buf_clear(&text);
        buf_c_string(&text, enum_->labels.items[i].name.name);
        labels[i] = buf_dup(&text, unit->arena);
    }
    buf_release(&text);
    WRITE(w, "static const char *const sc__${base}_labels[] = {\n",
          { "base", name_enum(unit->arena, enum_) });
    write_wrapped(w, (struct write_list){ STR("    "), labels, enum_->labels.n, "," });
    write_lines(w, "};\n");
}

void emit_enum_source(struct writer *w, const struct unit *unit,
                      const struct model_enum *enum_)
{
    struct arena *arena = unit->arena;
    struct hole holes[ENUM_HOLES];
    fill_holes(holes, arena, enum_);
    struct str descriptor = form_enum_descriptor(arena, enum_);
    write_blank(w);
    if (enum_->labels.n) {
        emit_labels(w, unit, enum_);
    }
    WRITE(w, "const struct sc__enum ${descriptor} = {\n", { "descriptor", descriptor });
    w->indent++;
    write_string(w, ".type = ", sql_name(arena, enum_), ",");
    if (enum_->labels.n) {
        WRITE(w, ".labels = sc__${base}_labels,\n",
              { "base", name_enum(arena, enum_) });
    }
    struct str count = str_of(arena_printf(arena, "%zu", enum_->labels.n));
    WRITE(w, ".nlabels = ${n},\n", { "n", count });
    w->indent--;
    write_lines(w, "};\n");
    write_template(w, enum_functions, holes, ENUM_HOLES);
}
