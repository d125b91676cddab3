/* diag_json.c: diagnostics as JSON, for editors and CI. Must not reorder, and must not
 * write to a stream. */
#include "bug.h"
#include "diag_order.h"

#include <jansson.h>
#include <stdlib.h>

/* JSON is UTF-8: bytes that are not become U+FFFD. */
static json_t *json_text(const char *s)
{
    if (!s) {
        return json_null();
    }
    struct buf clean = { 0 };
    for (size_t i = 0, n = strlen(s); i < n;) {
        size_t length = diag_character(s + i, n - i);
        buf_put(&clean, length ? s + i : "\xEF\xBF\xBD", length ? length : 3);
        i += length ? length : 1;
    }
    json_t *value = json_stringn(buf_view(&clean).s, clean.n);
    buf_release(&clean);
    return value;
}

static void json_put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0) {
        out_of_memory();
    }
}

static void put_place(struct diags *diags, json_t *object, struct span span)
{
    if (!span.source) {
        json_put(object, "file", json_null());
        return;
    }
    struct position at = source_position(span.source, span.start, diags->arena);
    struct position end = source_position(span.source, span.end, diags->arena);
    json_put(object, "file", json_text(span.source->path));
    json_put(object, "line", json_integer((json_int_t)at.line));
    json_put(object, "column", json_integer((json_int_t)at.column));
    json_put(object, "end_line", json_integer((json_int_t)end.line));
    json_put(object, "end_column", json_integer((json_int_t)end.column));
}

static json_t *related(struct diags *diags, const struct diag *diag)
{
    json_t *list = json_array();
    if (diag->note && diag->other.source) {
        json_t *item = json_object();
        json_put(item, "message", json_text(diag->note));
        put_place(diags, item, diag->other);
        if (json_array_append_new(list, item) != 0) {
            out_of_memory();
        }
    }
    return list;
}

static json_t *diag_json(struct diags *diags, const struct diag *diag)
{
    char code[16];
    (void)snprintf(code, sizeof code, "%c%04d",
                   diag->severity == DIAG_ERROR ? 'E' : 'W', diag->code);
    json_t *object = json_object();
    json_put(object, "code", json_text(code));
    json_put(object, "severity", json_text(diag_severity_name(diag->severity)));
    json_put(object, "message", json_text(diag->message));
    json_put(object, "hint", json_text(diag->hint));
    put_place(diags, object, diag->span);
    json_put(object, "related", related(diags, diag));
    return object;
}

void diag_render_json(struct diags *diags, struct buf *out)
{
    struct diag_order order = diag_order(diags);
    json_t *list = json_array();
    for (size_t i = 0; i < order.n; i++) {
        if (json_array_append_new(list, diag_json(diags, order.places[i].diag)) != 0) {
            out_of_memory();
        }
    }
    json_t *root = json_object();
    json_put(root, "diagnostics", list);
    json_put(root, "errors", json_integer((json_int_t)diags->nerrors));
    json_put(root, "warnings", json_integer((json_int_t)diags->nwarnings));
    char *text = json_dumps(root, JSON_INDENT(2));
    if (!text) {
        out_of_memory();
    }
    buf_puts(out, text);
    buf_putc(out, '\n');
    free(text);
    json_decref(root);
}
