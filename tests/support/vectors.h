/* vectors.h: reads the corpus of values in text and binary form, pg-binary-vectors, found
 * in $SCHEMAC_CORPORA or beside the project. Knows of jansson. */
#ifndef TESTS_SUPPORT_VECTORS_H
#define TESTS_SUPPORT_VECTORS_H
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/sc.h"

struct vector {
    const char *name; /* of the type */
    const char *text;
    struct sc__type type; /* kind 0: it has no C form */
    uint32_t element_oid; /* as the bytes say it, of an array */
    char *bytes;          /* a NUL behind them */
    int length;
};

struct vectors {
    json_t *root;
    json_t *list;
    size_t at;
    char *bytes;
};

/* Skips the test when there is no such file. */
static inline struct vectors *vectors_open(void)
{
    const char *dir = getenv("SCHEMAC_CORPORA");
    char path[4096];
    snprintf(path, sizeof path, "%s/pg-binary-vectors/vectors.json",
             dir != NULL ? dir : TEST_ROOT "/../shared/corpora");
    json_t *root = json_load_file(path, 0, NULL);
    struct vectors *v = root != NULL ? calloc(1, sizeof *v) : NULL;
    if (v != NULL) {
        v->root = root;
        v->list = json_object_get(root, "vectors");
        return v;
    }
    print_message("SKIPPED: no pg-binary-vectors/vectors.json in $SCHEMAC_CORPORA or "
                  "../shared/corpora\n");
    skip();
    return NULL;
}

static inline void vectors_close(struct vectors *v)
{
    json_decref(v->root);
    free(v->bytes);
    free(v);
}

/* The form of a type, and of its arrays. */
static inline struct sc__type vectors_type(const char *name)
{
    static const char *const labels[] = { "sad", "ok", "happy", "with space" };
    static const struct sc__enum moods = { "vec.mood", labels, 4 };
    static const struct {
        const char *name;
        uint8_t kind;
    } kinds[] = {
        { "bool", SC__BOOL },
        { "int2", SC__INT2 },
        { "int4", SC__INT4 },
        { "int8", SC__INT8 },
        { "oid", SC__OID },
        { "float4", SC__FLOAT4 },
        { "float8", SC__FLOAT8 },
        { "numeric", SC__NUMERIC },
        { "text", SC__TEXT },
        { "varchar", SC__TEXT },
        { "bpchar", SC__TEXT },
        { "name", SC__TEXT },
        { "\"char\"", SC__TEXT },
        { "xml", SC__TEXT },
        { "json", SC__TEXT },
        { "jsonb", SC__JSONB },
        { "bytea", SC__BYTEA },
        { "uuid", SC__UUID },
        { "date", SC__DATE },
        { "time", SC__TIME },
        { "timetz", SC__TIMETZ },
        { "timestamp", SC__TIMESTAMP },
        { "timestamptz", SC__TIMESTAMPTZ },
        { "interval", SC__INTERVAL },
        { "inet", SC__INET },
        { "cidr", SC__INET },
        { "vec.mood", SC__ENUM },
        { "vec.email", SC__TEXT },
    };
    struct sc__type type = { .labels = &moods };
    size_t length = strlen(name);
    bool array = length > 2 && strcmp(name + length - 2, "[]") == 0;
    length -= array ? 2 : 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strncmp(kinds[i].name, name, length) == 0 &&
            kinds[i].name[length] == '\0') {
            type.kind = kinds[i].kind;
            type.flags = array ? SC__ARRAY : 0;
        }
    }
    return type;
}

static inline uint32_t vectors_word(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* Gives the next value (errors left out); what it points to lives until the one after. */
static inline bool vectors_next(struct vectors *v, struct vector *out)
{
    const json_t *one = json_array_get(v->list, v->at++);
    while (one != NULL && json_object_get(one, "binary_hex") == NULL) {
        one = json_array_get(v->list, v->at++);
    }
    if (one == NULL) {
        return false;
    }
    const char *hex = json_string_value(json_object_get(one, "binary_hex"));
    size_t length = strlen(hex) / 2;
    free(v->bytes);
    v->bytes = calloc(1, length + 1);
    for (size_t i = 0; v->bytes != NULL && i < length; i++) {
        char digits[3] = { hex[2 * i], hex[2 * i + 1], '\0' };
        v->bytes[i] = (char)strtol(digits, NULL, 16);
    }
    *out = (struct vector){
        .name = json_string_value(json_object_get(one, "type")),
        .text = json_string_value(json_object_get(one, "text")),
        .bytes = v->bytes,
        .length = (int)length,
    };
    out->type = vectors_type(out->name);
    if (out->type.flags & SC__ARRAY) {
        out->element_oid = vectors_word(v->bytes + 8);
    }
    return true;
}

#endif
