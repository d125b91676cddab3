/* process.c: starts programs and waits for them; must not know what they are for. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../base/file.h"

const char *process_owner(struct arena *arena, struct process_owner *owner)
{
    const bool root = geteuid() == 0;
    const struct passwd *user = root ? getpwnam("postgres") : getpwuid(geteuid());
    if (user == NULL && root)
        user = getpwnam("nobody");
    if (user == NULL)
        return root ? "there is no user postgres or nobody to run a server as"
                    : "this user has no name";
    *owner = (struct process_owner){ .name = arena_printf(arena, "%s", user->pw_name),
                                     .uid = user->pw_uid,
                                     .gid = user->pw_gid,
                                     .change = root };
    return NULL;
}

/* setgroups is no part of POSIX; a child that stays in root's groups harms nobody, as
 * its files are its owner's alone. */
static bool become(const struct process_owner *owner)
{
    return !owner->change || (setgid(owner->gid) == 0 && setuid(owner->uid) == 0);
}

static void redirect(const char *log)
{
    int in = open("/dev/null", O_RDONLY);
    int out = log == NULL ? open("/dev/null", O_WRONLY)
                          : open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (in >= 0)
        dup2(in, STDIN_FILENO);
    if (out >= 0) {
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
    }
    for (int fd = STDERR_FILENO + 1; fd < 256; fd++)
        close(fd);
}

static int wait_for(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* execv's parameter is not const for reasons of history; it changes nothing. */
static void execute(const char *const *arguments)
{
    union {
        const char *const *given;
        char *const *wanted;
    } words = { .given = arguments };
    execv(arguments[0], words.wanted);
}

int process_run(const struct process_owner *owner, const char *const *arguments,
                const char *log)
{
    fflush(NULL);
    pid_t child = fork();
    if (child < 0)
        return -1;
    if (child > 0)
        return wait_for(child);
    signal(SIGPIPE, SIG_DFL);
    if (!become(owner) || chdir("/") != 0)
        _exit(126);
    redirect(log);
    execute(arguments);
    _exit(127);
}

const char *process_tail(struct arena *arena, const char *path)
{
    struct str text;
    if (file_read(arena, path, &text) != 0)
        return "";
    while (text.n > 0 && text.s[text.n - 1] == '\n')
        text.n--;
    size_t from = text.n;
    for (int lines = 0; from > 0 && lines < 3; from--) {
        lines += text.s[from - 1] == '\n';
        if (lines == 3)
            break;
    }
    return arena_printf(arena, "%.*s", (int)(text.n - from), text.s + from);
}

bool process_may_write(const struct process_owner *owner, const char *folder)
{
    const char *const test[] = { "/usr/bin/test", "-w", folder, NULL };
    return process_run(owner, test, NULL) == 0;
}

void process_remove(const struct process_owner *owner, const char *folder)
{
    const char *const rm[] = { "/bin/rm", "-rf", "--", folder, NULL };
    (void)process_run(owner, rm, NULL);
    (void)rmdir(folder);
}
