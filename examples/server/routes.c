/* routes.c: requests to calls, results to answers. It must not wait for anything. */
#include "routes.h"
#include "app.h"
#include <stdio.h>
#include <string.h>

enum what { NOTHING, READ, WRITE, REMOVE, LOGINS };

/* What it is about; id has room for as much as a path. */
static enum what find(const struct http_request *request, char *id)
{
    static const char users[] = "/users/", logins[] = "/logins";
    const char *at = request->path;
    if (strncmp(at, users, sizeof(users) - 1) != 0)
        return NOTHING;
    at += sizeof(users) - 1;
    size_t size = strcspn(at, "/?");
    memcpy(id, at, size);
    id[size] = 0;
    bool get = strcmp(request->method, "GET") == 0;
    if (size == 0 || (at[size] && !(get && strcmp(at + size, logins) == 0)))
        return NOTHING;
    if (at[size])
        return LOGINS;
    if (get)
        return READ;
    if (strcmp(request->method, "PUT") == 0)
        return WRITE;
    return strcmp(request->method, "DELETE") == 0 ? REMOVE : NOTHING;
}

/* What cannot be queued fails the batch, which tells of it when it is submitted. */
bool route_queue(const struct http_request *request, struct sc_batch *batch)
{
    struct sc_db *queue = sc_queue(batch);
    char id[sizeof(request->path)];
    switch (find(request, id)) {
    case NOTHING:
        return false;
    case READ:
        (void)!auth_users_get(queue, id, NULL, NULL);
        return true;
    case WRITE:
        (void)!auth_users_upsert(
            queue, &(struct auth_users_new){ .id = id, .email = request->body }, NULL,
            NULL);
        return true;
    case REMOVE:
        (void)!auth_users_delete(queue, id, NULL);
        return true;
    case LOGINS:
        (void)!auth_user_logins(queue, id, NULL, NULL);
        return true;
    }
    return false;
}

static void add_user(struct http_body *body, const struct auth_users *user)
{
    char when[SC_TIMESTAMPTZ_SIZE];
    http_add(body, "\"id\":");
    http_add_json(body, user->id);
    http_add(body, ",\"email\":");
    http_add_json(body, user->email);
    http_add(body, ",\"name\":");
    http_add_json(body, user->name);
    http_add(body, ",\"since\":");
    http_add_json(body, sc_timestamptz_format(user->created_at, when));
}

static void answer_user(struct sc_batch *batch, struct http_body *body)
{
    struct auth_users *user;
    if (auth_users_take(batch, 0, &user, NULL, NULL) != SC_OK)
        return;
    http_add(body, "{");
    add_user(body, user);
    http_add(body, "}\n");
    auth_users_free(user);
}

static void answer_logins(struct sc_batch *batch, struct http_body *body)
{
    struct auth_user_logins_row *row;
    char text[64];
    if (auth_user_logins_take(batch, 0, &row, NULL, NULL) != SC_OK)
        return;
    http_add(body, "{");
    add_user(body, &row->users);
    http_add(body, ",\"providers\":[");
    for (size_t i = 0; i < row->accounts.count; i++) {
        http_add(body, i ? "," : "");
        http_add_json(body, row->accounts.items[i].provider);
    }
    snprintf(text, sizeof(text), "],\"sessions\":%zu}\n", row->sessions.count);
    http_add(body, text);
    auth_user_logins_free(row);
}

/* In words of our own: the server's may say more than a stranger should know. */
static int answer_failure(enum sc_status status, struct http_body *body)
{
    http_add(body, "{\"error\":");
    http_add_json(body, sc_status_name(status));
    http_add(body, "}\n");
    switch (status) {
    case SC_NOT_FOUND:
        return 404;
    case SC_UNIQUE:
        return 409;
    case SC_NOT_NULL:
    case SC_CHECK:
    case SC_BAD_VALUE:
        return 400;
    case SC_TIMEOUT:
        return 504;
    case SC_BUSY:
    case SC_CONNECTION:
        return 503;
    default:
        return 500;
    }
}

int route_answer(const struct http_request *request, struct sc_batch *batch,
                 enum sc_status status, struct http_body *body)
{
    char id[sizeof(request->path)];
    if (status != SC_OK)
        return answer_failure(status, body);
    switch (find(request, id)) {
    case READ:
    case WRITE:
        answer_user(batch, body);
        return 200;
    case LOGINS:
        answer_logins(batch, body);
        return 200;
    case REMOVE:
        return 204;
    case NOTHING:
        break;
    }
    return 404;
}
