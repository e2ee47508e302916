/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-run-table-private.h"

G_BEGIN_DECLS

/* What there is to say of a test, in words. Free what is returned. */

/* "Failed after 412 ms, on worker 0". */
char *dagsched_gtk_test_texts_outcome (DagschedGtkRunTable *table, guint number);
/* "Attempt 2 of 3: passed after 2.09 s, on worker 1". */
char *dagsched_gtk_test_texts_attempt (DagschedAttempt *attempt, guint n_attempts);

typedef struct
{
  char *title;
  char *value;
} DagschedGtkTestSetting;

/* Those that are not as they are anyway. (element-type DagschedGtkTestSetting) */
GPtrArray *dagsched_gtk_test_texts_settings (DagschedTest *test);

typedef struct
{
  const char *title;
  const char *explanation;
} DagschedGtkTestFlag;

/* One flag: a single bit. NULL: it is none that is known. */
const DagschedGtkTestFlag *dagsched_gtk_test_texts_flag (DagschedFlags flag);
/* What a dependency requires; NULL: success, which goes without saying. */
const char *dagsched_gtk_test_texts_condition (DagschedCondition condition);

G_END_DECLS
