/* http.c: requests in, answers out. It must not know of sockets or of the database. */
#include "http.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *find_end(const char *bytes, size_t size)
{
    for (size_t i = 3; i < size; i++)
        if (memcmp(bytes + i - 3, "\r\n\r\n", 4) == 0)
            return bytes + i + 1;
    return NULL;
}

/* The value of a header, in a head that ends with a NUL; NULL: it is not there. */
static const char *find_header(const char *head, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = strstr(head, "\r\n"); at; at = strstr(at + 2, "\r\n"))
        if (strncasecmp(at + 2, name, size) == 0 && at[2 + size] == ':')
            return at + 3 + size + strspn(at + 3 + size, " ");
    return NULL;
}

static bool parse_line(const char *head, struct http_request *request)
{
    size_t method = strcspn(head, " "), path = strcspn(head + method + 1, " \r\n");
    if (method == 0 || method >= sizeof(request->method) || head[method] != ' ' ||
        path == 0 || path >= sizeof(request->path) || head[method + 1 + path] != ' ')
        return false;
    memcpy(request->method, head, method);
    memcpy(request->path, head + method + 1, path);
    return true;
}

enum http_parsed http_parse(const char *bytes, size_t size,
                            struct http_request *request, size_t *used)
{
    char head[HTTP_ROOM + 1];
    const char *end = find_end(bytes, size);
    if (!end)
        return size < HTTP_ROOM ? HTTP_PART : HTTP_BAD;
    size_t length = (size_t)(end - bytes);
    memcpy(head, bytes, length);
    head[length] = 0;
    *request = (struct http_request){ .keep = true };
    if (!parse_line(head, request))
        return HTTP_BAD;
    const char *text = find_header(head, "content-length");
    unsigned long body = text ? strtoul(text, NULL, 10) : 0;
    if (body >= sizeof(request->body))
        return HTTP_BAD;
    if (size - length < body)
        return HTTP_PART;
    memcpy(request->body, end, body);
    text = find_header(head, "connection");
    request->keep = !text || strncasecmp(text, "close", 5) != 0;
    *used = length + body;
    return HTTP_WHOLE;
}

static void add(struct http_body *body, const char *text, size_t size)
{
    if (size >= sizeof(body->text) - body->size) {
        body->cut = true;
        return;
    }
    memcpy(body->text + body->size, text, size);
    body->size += size;
}

void http_add(struct http_body *body, const char *text)
{
    add(body, text, strlen(text));
}

void http_add_json(struct http_body *body, const char *text)
{
    char escape[8];
    if (!text) {
        http_add(body, "null");
        return;
    }
    http_add(body, "\"");
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == '"' || c == '\\') {
            snprintf(escape, sizeof(escape), "\\u%04x", c);
            http_add(body, escape);
        } else {
            add(body, text, 1);
        }
    }
    http_add(body, "\"");
}

static const char *reason(int code)
{
    switch (code) {
    case 200:
        return "OK";
    case 204:
        return "No Content";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 409:
        return "Conflict";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    }
    return "Internal Server Error";
}

size_t http_answer(char *to, size_t room, int code, const struct http_body *body,
                   bool keep)
{
    if (body->cut)
        return http_answer(to, room, 500, &(struct http_body){ .size = 0 }, keep);
    int head = snprintf(to, room,
                        "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n%s\r\n",
                        code, reason(code), body->size,
                        keep ? "" : "Connection: close\r\n");
    if (head < 0 || (size_t)head + body->size > room)
        return 0;
    memcpy(to + head, body->text, body->size);
    return (size_t)head + body->size;
}
