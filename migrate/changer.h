/* changer.h: what the files of change.h share: how two forms of an object differ. Inside
 * migrate/change*.c only.
 */
#ifndef MIGRATE_CHANGER_H
#define MIGRATE_CHANGER_H
#include "change.h"

/* ---- change_object.c ---- */

/* Each gives a set of enum change_aspect; 0: nothing differs. */
unsigned schema_aspects(const struct match *match, const struct model_schema *from,
                        const struct model_schema *to);
unsigned extension_aspects(const struct match *match,
                           const struct model_extension *from,
                           const struct model_extension *to);
unsigned enum_aspects(const struct match *match, const struct model_enum *from,
                      const struct model_enum *to);
unsigned label_aspects(const struct model_label *from, const struct model_label *to);
unsigned domain_aspects(const struct match *match, const struct model_domain *from,
                        const struct model_domain *to);
unsigned check_aspects(const struct match *match, const struct model_check *from,
                       const struct model_check *to);
unsigned sequence_aspects(const struct match *match, const struct model_sequence *from,
                          const struct model_sequence *to);
/* Whether both count the same way; limits that are those of their types are the same. */
bool counters_same(const struct model_sequence *from, const struct model_sequence *to);

/* ---- change_table.c ---- */

unsigned table_aspects(const struct match *match, const struct model_table *from,
                       const struct model_table *to);
unsigned column_aspects(const struct match *match, const struct model_column *from,
                        const struct model_column *to);
unsigned constraint_aspects(const struct match *match,
                            const struct model_constraint *from,
                            const struct model_constraint *to);
unsigned index_aspects(const struct match *match, const struct model_index *from,
                       const struct model_index *to);

/* What all objects have. */
unsigned name_aspects(const struct model_name *from, const struct model_name *to);
unsigned schema_aspect(const struct match *match, const struct model_schema *from,
                       const struct model_schema *to);

#endif
