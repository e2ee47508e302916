/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-run-table-private.h"

G_BEGIN_DECLS

/* What somebody typed to find tests: words that the name has, and terms "key:value"; all must hold.
 *
 *   word  "two words"             the name has it, whatever the case
 *   name: suite: label:           the same of the name, of one of the suites, of one of the labels
 *   outcome: state:               passed, failed …; pending, ready, running, finished. A beginning is enough.
 *   is:                           flaky, leaked, truncated, failure, success
 *   worker: attempts: duration:   3, >1, <100ms, 1s..5s
 *   a,b                           one of several values
 *   -term  !term                  the term does not hold
 */
typedef struct _DagschedGtkTestQuery DagschedGtkTestQuery;

DagschedGtkTestQuery *dagsched_gtk_test_query_new (const char *text);
void dagsched_gtk_test_query_free (DagschedGtkTestQuery *self);
/* Every test matches. */
gboolean dagsched_gtk_test_query_is_empty (const DagschedGtkTestQuery *self);
/* Whether what matches may change while a run goes on. */
gboolean dagsched_gtk_test_query_is_live (const DagschedGtkTestQuery *self);
gboolean
dagsched_gtk_test_query_matches (const DagschedGtkTestQuery *self, DagschedGtkRunTable *table, guint number);
/* What is wrong, in words; NULL: nothing. What is wrong is left out of what must hold. */
const char *dagsched_gtk_test_query_get_problem (const DagschedGtkTestQuery *self);
/* For when nothing matches: what may be meant, from the names of suites and labels there are; NULL: no idea.
 * Free it. */
char *dagsched_gtk_test_query_dup_hint (const DagschedGtkTestQuery *self, DagschedGtkRunTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedGtkTestQuery, dagsched_gtk_test_query_free)

G_END_DECLS
