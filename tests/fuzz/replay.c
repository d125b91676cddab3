/* replay.c: runs a fuzzer's entry over its corpus in tests/fuzz/corpus/NAME, and over cut
 * and flipped forms of each file, so that the ordinary test run keeps what fuzzing found.
 * Prints TAP. Knows nothing of what is being fuzzed. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The entry gets a block of exactly its size, so that sanitizers see a read past it. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

/* Some cuts and single-byte changes of a file: always the same ones. */
static void run_variants(uint8_t *data, size_t size)
{
    enum { VARIANTS = 24 };
    for (size_t i = 0; i < VARIANTS && size > 0; i++) {
        size_t at = size * i / VARIANTS;
        run(data, at);
        uint8_t kept = data[at];
        data[at] = (uint8_t)(kept ^ (1U << (i % 8)));
        run(data, size);
        data[at] = kept;
    }
}

static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return -1;
    }
    enum { LARGEST = 1 << 20 };
    uint8_t *data = malloc(LARGEST);
    if (data == NULL) {
        abort();
    }
    size_t size = fread(data, 1, LARGEST, file);
    fclose(file);
    run(data, size);
    run_variants(data, size);
    free(data);
    return 0;
}

/* "build/tests/fuzz/lang_replay" replays tests/fuzz/corpus/lang. */
static void corpus_of(const char *program, char *folder, size_t size)
{
    const char *slash = strrchr(program, '/');
    const char *name = slash == NULL ? program : slash + 1;
    const char *tail = strstr(name, "_replay");
    int n = tail == NULL ? (int)strlen(name) : (int)(tail - name);
    snprintf(folder, size, TEST_ROOT "/tests/fuzz/corpus/%.*s", n, name);
}

int main(int argc, char **argv)
{
    (void)argc;
    char folder[1024];
    corpus_of(argv[0], folder, sizeof folder);
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        perror(folder);
        return 1;
    }
    int n = 0;
    int bad = 0;
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        char path[2048];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        int failed = replay(path) != 0;
        printf("%sok %d - %s\n", failed ? "not " : "", ++n, entry->d_name);
        fflush(stdout);
        bad |= failed;
    }
    closedir(dir);
    printf("1..%d\n", n);
    return bad;
}
