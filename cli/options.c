/* options.c: reads a command line by the tables. Knows nothing of what commands do. */
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/suggest.h"
#include "options_table.h"

struct reader {
    struct arena *arena;
    char **next;
    struct settings *settings;
    const char *error;
    unsigned *given; /* by option: how often */
    bool plain;      /* after "--" everything is an argument */
};

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < ncommands; i++) {
        const char *alias = commands[i].alias;
        if (strcmp(commands[i].name, name) == 0 ||
            (alias != NULL && strcmp(alias, name) == 0)) {
            return &commands[i];
        }
    }
    return NULL;
}

static const struct option *find_option(struct str name)
{
    for (size_t i = 0; i < noptions; i++) {
        if (str_eq_c(name, options[i].name)) {
            return &options[i];
        }
    }
    return NULL;
}

static const struct option *find_letter(char letter)
{
    for (size_t i = 0; i < noptions; i++) {
        if (options[i].letter == letter) {
            return &options[i];
        }
    }
    return NULL;
}

/* " (did you mean --out?)", or nothing. */
static const char *nearest_option(struct arena *arena, struct str name)
{
    struct suggest suggest = suggest_for(name);
    for (size_t i = 0; i < noptions; i++) {
        suggest_offer(&suggest, str_of(options[i].name));
    }
    if (suggest.best.n == 0) {
        return "";
    }
    return arena_printf(arena, " (did you mean --%.*s?)", STR_ARGS(suggest.best));
}

/* The position of a word in a list of words, or -1. */
static int find_word(const char *words, const char *word)
{
    size_t n = strlen(word);
    int index = 0;
    for (const char *at = words; *at != '\0'; index++) {
        size_t length = strcspn(at, " ");
        if (n == length && memcmp(at, word, n) == 0) {
            return index;
        }
        at += length + (at[length] == ' ');
    }
    return -1;
}

static void set_number(struct reader *reader, const struct option *option,
                       const char *value, long *number)
{
    char *end;
    errno = 0;
    *number = strtol(value, &end, 10);
    if (errno != 0 || *end != '\0' || *number < 0 || *number > OPTION_NUMBER_MAX) {
        reader->error = arena_printf(reader->arena, "--%s is a number from 0 to %d",
                                     option->name, OPTION_NUMBER_MAX);
    }
}

static void set_option(struct reader *reader, const struct option *option,
                       const char *value)
{
    char *setting = (char *)reader->settings + option->offset;
    reader->given[option - options]++;
    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)(void *)setting = true;
        return;
    case OPTION_TEXT:
        *(const char **)(void *)setting = value;
        return;
    case OPTION_WORD:
        *(int *)(void *)setting = find_word(option->words, value);
        if (find_word(option->words, value) < 0) {
            reader->error = arena_printf(reader->arena, "--%s is one of: %s",
                                         option->name, option->words);
        }
        return;
    case OPTION_NUMBER:
        set_number(reader, option, value, (long *)(void *)setting);
        return;
    case OPTION_LIST:
        VEC_PUSH(reader->arena, (option_texts *)(void *)setting, value);
        return;
    }
}

/* An option whose value, if it takes one, is in `value` or is the next argument. */
static void take_option(struct reader *reader, const struct option *option,
                        const char *value)
{
    if (option->kind == OPTION_FLAG && value != NULL) {
        reader->error = arena_printf(reader->arena, "--%s takes no value",
                                     option->name);
        return;
    }
    if (option->kind != OPTION_FLAG && value == NULL) {
        value = *reader->next == NULL ? NULL : *reader->next++;
    }
    if (option->kind != OPTION_FLAG && (value == NULL || value[0] == '\0')) {
        reader->error = arena_printf(reader->arena, "--%s needs a value: %s",
                                     option->name, option->value);
        return;
    }
    set_option(reader, option, value);
}

static void take_long(struct reader *reader, const char *text)
{
    size_t n = strcspn(text, "=");
    struct str name = { text, n };
    const struct option *option = find_option(name);
    if (option == NULL) {
        reader->error = arena_printf(reader->arena, "there is no option --%.*s%s",
                                     STR_ARGS(name),
                                     nearest_option(reader->arena, name));
        return;
    }
    take_option(reader, option, text[n] == '=' ? text + n + 1 : NULL);
}

/* "-q", "-o DIR", "-oDIR", "-qo DIR". */
static void take_letters(struct reader *reader, const char *letters)
{
    while (*letters != '\0' && reader->error == NULL) {
        const struct option *option = find_letter(*letters);
        if (option == NULL) {
            reader->error = arena_printf(reader->arena, "there is no option -%c",
                                         *letters);
            return;
        }
        letters++;
        if (option->kind != OPTION_FLAG) {
            take_option(reader, option, *letters == '\0' ? NULL : letters);
            return;
        }
        take_option(reader, option, NULL);
    }
}

/* A first word that is no command has to look like a file. */
static bool is_file_name(const char *word)
{
    return strpbrk(word, "./") != NULL;
}

static const char *unknown_command(struct arena *arena, const char *word)
{
    struct suggest suggest = suggest_for(str_of(word));
    for (size_t i = 0; i < ncommands; i++) {
        suggest_offer(&suggest, str_of(commands[i].name));
    }
    const char *hint = "";
    if (suggest.best.n > 0) {
        hint = arena_printf(arena, " (did you mean \"%.*s\"?)", STR_ARGS(suggest.best));
    }
    return arena_printf(arena, "there is no command \"%s\"%s", word, hint);
}

static void take_argument(struct reader *reader, const char *word)
{
    struct settings *settings = reader->settings;
    if (settings->command == NULL) {
        settings->command = command_find(word);
        if (settings->command != NULL) {
            return;
        }
        settings->command = command_find("compile");
        if (!reader->plain && !is_file_name(word)) {
            reader->error = unknown_command(reader->arena, word);
            return;
        }
    }
    settings->arguments[settings->narguments++] = word;
}

static void take_word(struct reader *reader, const char *word)
{
    if (reader->plain || word[0] != '-' || word[1] == '\0') {
        take_argument(reader, word);
    } else if (strcmp(word, "--") == 0) {
        reader->plain = true;
    } else if (word[1] == '-') {
        take_long(reader, word + 2);
    } else {
        take_letters(reader, word + 1);
    }
}

/* Whether the command takes all that was given to it. */
static const char *check_command(const struct reader *reader)
{
    const struct settings *settings = reader->settings;
    const struct command *command = settings->command;
    for (size_t i = 0; i < noptions; i++) {
        if (reader->given[i] > 0 && (options[i].commands & (1U << command->id)) == 0) {
            return arena_printf(reader->arena, "%s takes no --%s", command->name,
                                options[i].name);
        }
        if (reader->given[i] > 1 && options[i].kind != OPTION_FLAG &&
            options[i].kind != OPTION_LIST) {
            return arena_printf(reader->arena, "--%s is given twice", options[i].name);
        }
    }
    if (settings->help || settings->version) {
        return NULL;
    }
    if (settings->narguments < command->least) {
        return arena_printf(reader->arena, "%s needs %s", command->name,
                            command->arguments);
    }
    if (settings->narguments > command->most) {
        return arena_printf(reader->arena, "%s does not know what to do with \"%s\"",
                            command->name, settings->arguments[command->most]);
    }
    return NULL;
}

static void numbers_absent(struct settings *settings)
{
    for (size_t i = 0; i < noptions; i++) {
        if (options[i].kind == OPTION_NUMBER) {
            *(long *)(void *)((char *)settings + options[i].offset) = -1;
        }
    }
}

const char *options_parse(struct arena *arena, int argc, char **argv,
                          struct settings *settings)
{
    *settings = (struct settings){ .arguments = arena_array(arena, const char *,
                                                            (size_t)argc + 1) };
    numbers_absent(settings);
    if (argc < 2) {
        return "nothing to do";
    }
    struct reader reader = { .arena = arena,
                             .next = argv + 1,
                             .settings = settings,
                             .given = arena_array(arena, unsigned, noptions) };
    while (*reader.next != NULL && reader.error == NULL) {
        take_word(&reader, *reader.next++);
    }
    if (reader.error != NULL) {
        return reader.error;
    }
    if (settings->command == NULL) {
        settings->command = command_find(settings->help ? "help" : "compile");
    }
    return check_command(&reader);
}
