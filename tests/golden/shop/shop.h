/* Written by schemac from shop.schema: do not edit. */
#ifndef SHOP_H
#define SHOP_H
#include <sc.h>
#if SC_ABI < 1 || SC_ABI_OLDEST > 1
#error "shop.h and the installed sc.h do not fit: compile the schema again"
#endif
#include "shop_schema.h"
#include "shop_customers.h"
#include "shop_orders.h"

/** For sc_schema_check(db, SHOP_SCHEMA_FINGERPRINT, NULL, &err) of
 *  <sc_migrate.h>: does the database have what this code needs? */
#define SHOP_SCHEMA_FINGERPRINT "67f6f1177775baef741174d31934d4a8544f2f59cd65ea91c630ac4dedcf3892"
/* Stamp: 00000000000000000000000000000000 00000000000000000000000000000000 */
#endif
