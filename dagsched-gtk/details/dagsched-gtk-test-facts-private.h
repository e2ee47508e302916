/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "base/dagsched-gtk-run-table-private.h"
#include "details/dagsched-gtk-test-links-private.h"

G_BEGIN_DECLS

/* What the details of a test are made of. */

/* Arrays of DagschedGtkTestLink, for dagsched_gtk_test_links_set(). */
GArray *dagsched_gtk_test_facts_dependencies (DagschedGtkRunTable *table, guint number);
GArray *dagsched_gtk_test_facts_dependents (DagschedGtkRunTable *table, guint number);
/* Dependencies that have not finished, of a pending test. */
GArray *dagsched_gtk_test_facts_waits_for (DagschedGtkRunTable *table, guint number);
/* From what blocked the test to the root cause; of a long chain its beginning, and the root. */
GArray *dagsched_gtk_test_facts_blocked_by (DagschedGtkRunTable *table, guint number);

void dagsched_gtk_test_facts_fill_flags (GtkBox *box, guint flags);
void dagsched_gtk_test_facts_fill_settings (GtkListBox *list, DagschedTest *test);

G_END_DECLS
