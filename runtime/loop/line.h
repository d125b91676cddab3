/* line.h: a connection that is kept up without waiting: it is made, and made again after
 * each loss, with growing pauses between attempts that fail. What travels on it is its
 * owner's business.
 */
#ifndef SC_LINE_H
#define SC_LINE_H
#include "runtime/net/conn.h"
#include "runtime/net/connecting.h"

enum sc__line_state {
    SC__LINE_RESTING, /* until `rest` */
    SC__LINE_CONNECTING,
    SC__LINE_UP,
    SC__LINE_DOWN /* for good */
};

struct sc__line_options {
    const char *url; /* as sc_open's; copied */
    int timeout_ms; /* for an address, where the url has no connect_timeout; 0: 10,000 */
    bool stay_down; /* one connection only, and no attempt after one that failed */
};

struct sc__line {          /* zeroed: not opened */
    struct sc__conn *conn; /* lives as long as the line; its pg only while it is up */
    struct sc__hooks hooks;
    struct sc__line_options options;
    char *url;
    enum sc__line_state state;
    struct sc__connecting *connecting;
    int64_t rest;
    int64_t since;         /* it is up */
    unsigned failures;     /* one after another */
    struct sc_error error; /* the last attempt that failed, or the loss */
};

/* Fails with SC_CONNECTION (the url cannot be read), SC_NO_MEMORY. */
enum sc_status sc__line_open(struct sc__line *line,
                             const struct sc__line_options *options,
                             struct sc_error *err);
void sc__line_close(struct sc__line *line);

enum sc__line_news {
    SC__LINE_NO_NEWS,
    SC__LINE_CAME_UP, /* non-blocking, nothing sent on it yet */
    SC__LINE_REFUSED  /* an attempt failed: see error */
};
/* Goes on connecting, where it is not up. */
enum sc__line_news sc__line_step(struct sc__line *line);
/* The owner found it lost, or does not want it any more: it is made again, at once if it had
 * been of use. message: why. */
void sc__line_lose(struct sc__line *line, const char *message);

int sc__line_fd(const struct sc__line *line);
/* While it is not up: what to wait for, and until when. */
int sc__line_events(const struct sc__line *line); /* SC_READ, SC_WRITE */
int64_t sc__line_deadline(const struct sc__line *line);

#endif
