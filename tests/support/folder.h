/* folder.h: folders of files for tests. Knows nothing of what they hold. */
#ifndef TESTS_SUPPORT_FOLDER_H
#define TESTS_SUPPORT_FOLDER_H

struct folder {
    char path[256];
};
/* A fresh folder under $TMPDIR; a failure ends the test. */
struct folder folder_new(void);
/* Writes a file, printf-like. */
void folder_put(const struct folder *folder, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void folder_remove(const struct folder *folder, const char *name);
/* Removes it with its files. */
void folder_clear(struct folder *folder);

#endif
