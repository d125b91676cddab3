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

/** Of the schema that all of this was made from. */
#define APP_SCHEMA_FINGERPRINT "0eb3dc00544ffe3692d105529abd79d27215603a168b187745502cee52a44f3d"
/* Stamp: fc5bd01a8841f6543bde470534b6cf6e 85e36839a83d1a58ac0b1ac0fda62340 */
#endif
