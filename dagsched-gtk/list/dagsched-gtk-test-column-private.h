/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-run-table-private.h"

G_BEGIN_DECLS

/* What the list shows of a test. */
typedef enum
{
  DAGSCHED_GTK_TEST_COLUMN_STATE,
  DAGSCHED_GTK_TEST_COLUMN_NAME,
  DAGSCHED_GTK_TEST_COLUMN_SUITES,
  DAGSCHED_GTK_TEST_COLUMN_DURATION,
  DAGSCHED_GTK_TEST_COLUMN_ATTEMPTS,
  DAGSCHED_GTK_TEST_COLUMN_WORKER,
  DAGSCHED_GTK_TEST_COLUMN_REASON,
} DagschedGtkTestColumn;

#define DAGSCHED_GTK_TEST_N_COLUMNS (DAGSCHED_GTK_TEST_COLUMN_REASON + 1)

const char *dagsched_gtk_test_column_get_title (DagschedGtkTestColumn column);
gboolean dagsched_gtk_test_column_is_number (DagschedGtkTestColumn column);
/* Whether what it shows changes while a run goes on. */
gboolean dagsched_gtk_test_column_is_live (DagschedGtkTestColumn column);
/* The pixels it is wide unless somebody resizes it; -1: what is left. */
int dagsched_gtk_test_column_get_width (DagschedGtkTestColumn column);
/* From which width of the list on there is room for it. */
int dagsched_gtk_test_column_get_threshold (DagschedGtkTestColumn column);
/* From which width of the list on the state is said in words too. */
#define DAGSCHED_GTK_TEST_COLUMN_WORDS_THRESHOLD 480
#define DAGSCHED_GTK_TEST_COLUMN_ICON_WIDTH 40

/* Free it. */
char *
dagsched_gtk_test_column_dup_text (DagschedGtkTestColumn column, DagschedGtkRunTable *table, guint number);
/* The worker that carries it out, or carried it out last; DAGSCHED_NO_WORKER: none. */
guint dagsched_gtk_test_column_get_worker (DagschedGtkRunTable *table, guint number);
/* What a row is called where it can't be seen: "api/upload, passed, 1.2 s". Free it. */
char *dagsched_gtk_test_column_dup_row_name (DagschedGtkRunTable *table, guint number);

G_END_DECLS
