/* rules_literal.c: strings against types. Must not know schemas. */
#include "rules_literal.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct str trim(struct str s)
{
    while (s.n && is_space(s.s[0])) {
        s = (struct str){ s.s + 1, s.n - 1 };
    }
    while (s.n && is_space(s.s[s.n - 1])) {
        s.n--;
    }
    return s;
}

static bool is_one_of(struct str s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq_nocase(s, words[i])) {
            return true;
        }
    }
    return false;
}

static size_t digits(struct str s, size_t from)
{
    size_t n = 0;
    while (from + n < s.n && is_digit(s.s[from + n])) {
        n++;
    }
    return n;
}

/* ---- numbers ------------------------------------------------------------------------------ */

bool literal_in_range(const struct type_info *type, struct str text, bool negative)
{
    uint64_t most = type->id == TYPE_INT2   ? INT16_MAX
                    : type->id == TYPE_INT4 ? INT32_MAX
                    : type->id == TYPE_OID  ? UINT32_MAX
                                            : INT64_MAX;
    most += negative ? 1 : 0;
    uint64_t value = 0;
    for (size_t i = 0; i < text.n; i++) {
        uint64_t digit = (uint64_t)(text.s[i] - '0');
        if (value > (most - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    return true;
}

static bool is_integer(const struct type_info *type, struct str s)
{
    bool sign = s.n && (s.s[0] == '-' || s.s[0] == '+');
    bool negative = sign && s.s[0] == '-';
    s = sign ? (struct str){ s.s + 1, s.n - 1 } : s;
    return s.n && digits(s, 0) == s.n && literal_in_range(type, s, negative);
}

static bool is_number(struct str s)
{
    static const char *const words[] = { "nan", "infinity", "inf" };
    size_t i = s.n && (s.s[0] == '-' || s.s[0] == '+') ? 1 : 0;
    struct str rest = { s.s + i, s.n - i };
    if (is_one_of(rest, words, 3)) {
        return true;
    }
    size_t whole = digits(s, i);
    i += whole;
    size_t part = 0;
    if (i < s.n && s.s[i] == '.') {
        part = digits(s, i + 1);
        i += 1 + part;
    }
    if (whole + part == 0) {
        return false;
    }
    if (i < s.n && (s.s[i] == 'e' || s.s[i] == 'E')) {
        i++;
        i += i < s.n && (s.s[i] == '-' || s.s[i] == '+') ? 1 : 0;
        size_t power = digits(s, i);
        return power && i + power == s.n;
    }
    return i == s.n;
}

/* ---- words, hexadecimal ------------------------------------------------------------------- */

/* Any prefix that only one of them has. Source: parse_bool_with_len. */
static bool is_bool(struct str s)
{
    static const char *const words[] = { "t",  "tr",  "tru",  "true",  "f",
                                         "fa", "fal", "fals", "false", "y",
                                         "ye", "yes", "n",    "no",    "on",
                                         "of", "off", "1",    "0" };
    return is_one_of(s, words, sizeof words / sizeof *words);
}

static bool is_uuid(struct str s)
{
    if (s.n >= 2 && s.s[0] == '{' && s.s[s.n - 1] == '}') {
        s = (struct str){ s.s + 1, s.n - 2 };
    }
    size_t hex = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (is_hex(s.s[i])) {
            hex++;
        } else if (s.s[i] != '-' || hex == 0 || hex % 4 != 0) {
            return false;
        }
    }
    return hex == 32;
}

static bool is_bytea(struct str s)
{
    if (s.n < 2 || s.s[0] != '\\' || s.s[1] != 'x') {
        return true; /* the escape form */
    }
    size_t hex = 0;
    for (size_t i = 2; i < s.n; i++) {
        if (!is_hex(s.s[i]) && !is_space(s.s[i])) {
            return false;
        }
        hex += is_hex(s.s[i]);
    }
    return hex % 2 == 0;
}

/* ---- dates ---------------------------------------------------------------------------------- */

static int number_at(struct str s, size_t from, size_t n)
{
    int value = 0;
    for (size_t i = from; i < from + n; i++) {
        value = value * 10 + (s.s[i] - '0');
    }
    return value;
}

/* Of a date that begins like 2001-02-30: whether there is such a day. */
static bool is_day(struct str s)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (digits(s, 0) != 4 || s.n < 10 || s.s[4] != '-' || digits(s, 5) != 2 ||
        s.s[7] != '-' || digits(s, 8) != 2) {
        return true; /* another form */
    }
    int year = number_at(s, 0, 4);
    int month = number_at(s, 5, 2);
    int day = number_at(s, 8, 2);
    if (month < 1 || month > 12) {
        return false;
    }
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}

/* The word that a time begins with; signs and brackets behind it do not count: now().
 * Source: ParseDateTime, src/backend/utils/adt/datetime.c. */
static struct str first_word(struct str s)
{
    size_t n = s.n && (s.s[0] == '-' || s.s[0] == '+') ? 1 : 0;
    while (n < s.n &&
           ((s.s[n] >= 'a' && s.s[n] <= 'z') || (s.s[n] >= 'A' && s.s[n] <= 'Z'))) {
        n++;
    }
    return (struct str){ s.s, n };
}

/* Words that are times, and those that are days: date takes no allballs, time nothing
 * else but now. */
static bool is_datetime(const struct type_info *type, struct str s)
{
    static const char *const words[] = {
        "now",   "today",    "tomorrow",  "yesterday",
        "epoch", "infinity", "-infinity", "+infinity"
    };
    bool time = type->id == TYPE_TIME || type->id == TYPE_TIMETZ;
    if (str_eq_nocase(s, "allballs")) {
        return type->id != TYPE_DATE;
    }
    if (is_one_of(first_word(s), words, time ? 1 : sizeof words / sizeof *words)) {
        return true;
    }
    bool digit = false;
    for (size_t i = 0; i < s.n; i++) {
        digit = digit || is_digit(s.s[i]);
    }
    return digit && is_day(s);
}

/* ---- by type --------------------------------------------------------------------------------- */

static bool other_fits(const struct type_info *type, struct str text)
{
    if (type->id == TYPE_UUID) {
        return is_uuid(text);
    }
    if (type->id == TYPE_INTERVAL) {
        size_t n = 0;
        while (n < text.n && !is_digit(text.s[n])) {
            n++;
        }
        return n < text.n;
    }
    if (type->id == TYPE_INET || type->id == TYPE_CIDR || type->id == TYPE_MACADDR) {
        size_t n = 0;
        while (n < text.n && (is_hex(text.s[n]) || memchr(".:/-", text.s[n], 4))) {
            n++;
        }
        return text.n && n == text.n;
    }
    return true;
}

bool literal_fits(const struct type_info *type, struct str text)
{
    struct str s = trim(text);
    switch (type->category) {
    case CATEGORY_BOOL:
        return is_bool(s);
    case CATEGORY_INTEGER:
        return is_integer(type, s);
    case CATEGORY_NUMBER:
        return type->id == TYPE_MONEY || is_number(s);
    case CATEGORY_STRING:
        return true;
    case CATEGORY_BINARY:
        return is_bytea(text);
    case CATEGORY_BITS:
        return s.n > 0 || type->id == TYPE_VARBIT;
    case CATEGORY_DATETIME:
        return is_datetime(type, s);
    case CATEGORY_JSON:
        return literal_is_json(text);
    case CATEGORY_OTHER:
        return other_fits(type, s);
    }
    return true;
}

/* ---- JSON -------------------------------------------------------------------------------------- */

enum { MAX_DEPTH = 1000 };
struct json {
    struct str s;
    size_t at;
};

static void skip_space(struct json *json)
{
    while (json->at < json->s.n && memchr(" \t\r\n", json->s.s[json->at], 4)) {
        json->at++;
    }
}

static bool take(struct json *json, char c)
{
    skip_space(json);
    if (json->at < json->s.n && json->s.s[json->at] == c) {
        json->at++;
        return true;
    }
    return false;
}

static bool json_string(struct json *json)
{
    while (json->at < json->s.n) {
        char c = json->s.s[json->at++];
        if (c == '"') {
            return true;
        }
        if ((unsigned char)c < ' ') {
            return false;
        }
        if (c != '\\') {
            continue;
        }
        char escaped = json->at < json->s.n ? json->s.s[json->at++] : '\0';
        if (!memchr("\"\\/bfnrtu", escaped, 9)) {
            return false;
        }
        for (int i = 0; escaped == 'u' && i < 4; i++) {
            if (json->at >= json->s.n || !is_hex(json->s.s[json->at++])) {
                return false;
            }
        }
    }
    return false;
}

static bool json_word(struct json *json)
{
    static const char *const words[] = { "true", "false", "null" };
    size_t from = json->at;
    while (json->at < json->s.n &&
           (memchr("+-.", json->s.s[json->at], 3) || is_digit(json->s.s[json->at]) ||
            (json->s.s[json->at] >= 'a' && json->s.s[json->at] <= 'z') ||
            json->s.s[json->at] == 'E')) {
        json->at++;
    }
    struct str word = { json->s.s + from, json->at - from };
    for (size_t i = 0; i < 3; i++) {
        if (str_eq_c(word, words[i])) {
            return true;
        }
    }
    size_t sign = word.n && word.s[0] == '-' ? 1 : 0;
    size_t whole = digits(word, sign);
    bool zero = whole > 1 && word.s[sign] == '0';
    bool dot = sign + whole < word.n && word.s[sign + whole] == '.';
    bool bare = dot && digits(word, sign + whole + 1) == 0;
    return whole && !zero && !bare && is_number(word);
}

static bool json_value(struct json *json, int depth);

/* The items of an array or the members of an object, after the opening bracket. */
static bool json_items(struct json *json, char close, int depth)
{
    if (take(json, close)) {
        return true;
    }
    do {
        if (close == '}' &&
            (!take(json, '"') || !json_string(json) || !take(json, ':'))) {
            return false;
        }
        if (!json_value(json, depth + 1)) {
            return false;
        }
    } while (take(json, ','));
    return take(json, close);
}

static bool json_value(struct json *json, int depth)
{
    if (depth > MAX_DEPTH) {
        return true; /* not known */
    }
    if (take(json, '{')) {
        return json_items(json, '}', depth);
    }
    if (take(json, '[')) {
        return json_items(json, ']', depth);
    }
    return take(json, '"') ? json_string(json) : json_word(json);
}

bool literal_is_json(struct str text)
{
    struct json json = { text, 0 };
    if (!json_value(&json, 0)) {
        return false;
    }
    skip_space(&json);
    return json.at == text.n;
}
