/* http.h: as much HTTP as the example needs: one request at a time out of a client's bytes,
 * and answers into them. It must not know what is asked for, nor how bytes travel. */
#ifndef HTTP_H
#define HTTP_H
#include <stdbool.h>
#include <stddef.h>

enum { HTTP_ROOM = 8192 }; /* of a request, and of an answer */

struct http_request {
    char method[8];
    char path[256];
    char body[1024];
    bool keep; /* the connection stays open */
};

enum http_parsed { HTTP_WHOLE, HTTP_PART, HTTP_BAD };
/* Takes the first request out of size bytes; *used: how many it was. */
enum http_parsed http_parse(const char *bytes, size_t size,
                            struct http_request *request, size_t *used);

/* An answer's text, which is cut, and then said to be too large, at HTTP_ROOM. */
struct http_body {
    char text[HTTP_ROOM];
    size_t size;
    bool cut;
};
void http_add(struct http_body *body, const char *text);
/* As a JSON string; NULL: null. */
void http_add_json(struct http_body *body, const char *text);
/* Writes head and body to `to`, of `room` bytes; gives the size, 0: there is no room. */
size_t http_answer(char *to, size_t room, int code, const struct http_body *body,
                   bool keep);

#endif
