/* lookup.c: getaddrinfo in a thread of its own. It must not know of connections. */
#include "lookup.h"
#include "helper.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* What the thread works on: its own, for it may outlive the look-up. */
struct inquiry {
    struct addrinfo *found;
    int code;
    char host[];
};

struct sc__lookup {
    struct sc__helper *helper;
    struct inquiry *inquiry;
};

static void inquire(void *work)
{
    struct inquiry *inquiry = work;
    const struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                    .ai_socktype = SOCK_STREAM };
    inquiry->code = getaddrinfo(inquiry->host, NULL, &hints, &inquiry->found);
}

static void forget(void *work)
{
    struct inquiry *inquiry = work;
    if (inquiry->found)
        freeaddrinfo(inquiry->found);
    free(inquiry);
}

bool sc__is_address(const char *host)
{
    struct in6_addr room;
    return inet_pton(AF_INET, host, &room) == 1 ||
           inet_pton(AF_INET6, host, &room) == 1;
}

struct sc__lookup *sc__lookup_new(const char *host)
{
    size_t size = strlen(host) + 1;
    struct sc__lookup *made = calloc(1, sizeof(*made));
    struct inquiry *inquiry = calloc(1, sizeof(*inquiry) + size);
    if (!made || !inquiry)
        goto failed;
    memcpy(inquiry->host, host, size);
    made->inquiry = inquiry;
    if (!sc__helper_start(inquire, forget, inquiry, &made->helper))
        goto failed;
    return made;
failed:
    free(inquiry);
    free(made);
    return NULL;
}

int sc__lookup_fd(const struct sc__lookup *lookup)
{
    return sc__helper_fd(lookup->helper);
}

bool sc__lookup_done(const struct sc__lookup *lookup)
{
    return sc__helper_done(lookup->helper);
}

const char *sc__lookup_each(const struct sc__lookup *lookup,
                            bool (*add)(void *arg, const char *address), void *arg)
{
    const struct inquiry *inquiry = lookup->inquiry;
    if (inquiry->code != 0)
        return gai_strerror(inquiry->code);
    char text[INET6_ADDRSTRLEN + 32]; /* with a scope */
    for (const struct addrinfo *at = inquiry->found; at; at = at->ai_next) {
        int code = getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof(text), NULL, 0,
                               NI_NUMERICHOST);
        if (code != 0)
            return gai_strerror(code);
        if (!add(arg, text))
            break;
    }
    return NULL;
}

bool sc__lookup_starved(const struct sc__lookup *lookup)
{
    return lookup->inquiry->code == EAI_MEMORY;
}

void sc__lookup_free(struct sc__lookup *lookup)
{
    if (!lookup)
        return;
    sc__helper_drop(lookup->helper);
    free(lookup);
}
