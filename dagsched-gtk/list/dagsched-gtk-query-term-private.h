/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-run-table-private.h"

G_BEGIN_DECLS

/* One term of a query: see dagsched-gtk-test-query-private.h. */
typedef struct _DagschedGtkQueryTerm DagschedGtkQueryTerm;

/* NULL: there is nothing to look for (yet). @problem is set to what is wrong, in words, if something is; a term
 * may be there all the same. */
DagschedGtkQueryTerm *dagsched_gtk_query_term_parse (const char *text, char **problem);
void dagsched_gtk_query_term_free (DagschedGtkQueryTerm *self);
gboolean
dagsched_gtk_query_term_holds (const DagschedGtkQueryTerm *self, DagschedGtkRunTable *table, guint number);
/* Whether it may begin or cease to hold while a run goes on. */
gboolean dagsched_gtk_query_term_is_live (const DagschedGtkQueryTerm *self);
/* What is looked for in suites or labels; NULL: it is another term, or says what must not be. */
const char *dagsched_gtk_query_term_get_suite (const DagschedGtkQueryTerm *self);
const char *dagsched_gtk_query_term_get_label (const DagschedGtkQueryTerm *self);

G_END_DECLS
