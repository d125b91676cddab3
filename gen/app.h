/* Written by schemac from app.schema: do not edit. */
#ifndef APP_H
#define APP_H
#include <sc.h>
#if SC_ABI < 1 || SC_ABI_OLDEST > 1
#error "app.h and the installed sc.h do not fit: compile the schema again"
#endif

/** auth: Who may sign in, and how. */
#include "auth.h"
#include "auth_users.h"
#include "auth_accounts.h"
#include "auth_sessions.h"
#include "auth_verification_tokens.h"
#include "auth_feedback.h"

/** For sc_schema_check(db, APP_SCHEMA_FINGERPRINT, NULL, &err) of
 *  <sc_migrate.h>: does the database have what this code needs? */
#define APP_SCHEMA_FINGERPRINT "0eb3dc00544ffe3692d105529abd79d27215603a168b187745502cee52a44f3d"
/* Stamp: 9af4b2066afbef3e0363b44785aa55d2 8a1e867d37026d71fcf259abffd3295d */
#endif
