/* options_table.h: the tables behind options.h, for its own two files only. */
#ifndef CLI_OPTIONS_TABLE_H
#define CLI_OPTIONS_TABLE_H
#include "options.h"

enum option_kind {
    OPTION_FLAG,   /* bool */
    OPTION_TEXT,   /* const char * */
    OPTION_WORD,   /* int: which of `words` */
    OPTION_NUMBER, /* long: 0 to OPTION_NUMBER_MAX; -1 while not given */
    OPTION_LIST    /* option_texts: may be given any number of times */
};

struct option {
    enum option_kind kind;
    char letter;       /* 0: has none */
    const char *name;  /* without the dashes */
    const char *value; /* what help calls it; NULL for a flag */
    const char *words; /* OPTION_WORD: "auto always never" */
    const char *help;
    unsigned commands; /* bit 1 << enum command_id for each that takes it */
    size_t offset;     /* in struct settings */
};

enum { OPTION_NUMBER_MAX = 1000000000 };

extern const struct command commands[];
extern const size_t ncommands;
extern const struct option options[];
extern const size_t noptions;

#endif
