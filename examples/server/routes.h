/* routes.h: what requests ask of the database: one batch each. It must not know of sockets
 * or loops.
 *
 *     GET /users/ID              the user                              200, 404
 *     PUT /users/ID              a new one, or another e-mail address
 *                                (the body)                            200, 409
 *     DELETE /users/ID           it is gone                            204, 404
 *     GET /users/ID/logins       the user, accounts and sessions       200, 404
 */
#ifndef ROUTES_H
#define ROUTES_H
#include "http.h"
#include <sc_async.h>

/* Queues what a request needs. False: there is no such thing (404). */
bool route_queue(const struct http_request *request, struct sc_batch *batch);
/* Makes the answer of a batch that is done: gives the code. */
int route_answer(const struct http_request *request, struct sc_batch *batch,
                 enum sc_status status, struct http_body *body);

#endif
