/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-column-private.h"

#include <glib/gi18n-lib.h>

#include "base/dagsched-gtk-text-private.h"

static const struct
{
  const char *title;
  int width;
  int threshold;
  gboolean is_number;
  gboolean is_live;
} columns[DAGSCHED_GTK_TEST_N_COLUMNS] = {
  [DAGSCHED_GTK_TEST_COLUMN_STATE] = { N_ ("State"), 180, 0, FALSE, TRUE },
  [DAGSCHED_GTK_TEST_COLUMN_NAME] = { N_ ("Name"), -1, 0, FALSE, FALSE },
  [DAGSCHED_GTK_TEST_COLUMN_SUITES] = { N_ ("Suites"), 120, 600, FALSE, FALSE },
  [DAGSCHED_GTK_TEST_COLUMN_DURATION] = { N_ ("Duration"), 104, 0, TRUE, TRUE },
  [DAGSCHED_GTK_TEST_COLUMN_ATTEMPTS] = { N_ ("Attempts"), 96, 900, TRUE, TRUE },
  [DAGSCHED_GTK_TEST_COLUMN_WORKER] = { N_ ("Worker"), 88, 960, TRUE, TRUE },
  [DAGSCHED_GTK_TEST_COLUMN_REASON] = { N_ ("Reason"), -1, 780, FALSE, TRUE },
};

const char *
dagsched_gtk_test_column_get_title (DagschedGtkTestColumn column)
{
  return _ (columns[column].title);
}

gboolean
dagsched_gtk_test_column_is_number (DagschedGtkTestColumn column)
{
  return columns[column].is_number;
}

gboolean
dagsched_gtk_test_column_is_live (DagschedGtkTestColumn column)
{
  return columns[column].is_live;
}

int
dagsched_gtk_test_column_get_width (DagschedGtkTestColumn column)
{
  return columns[column].width;
}

int
dagsched_gtk_test_column_get_threshold (DagschedGtkTestColumn column)
{
  return columns[column].threshold;
}

static DagschedWorker *
dup_busy_worker (DagschedGtkRunTable *table, DagschedTest *test)
{
  GListModel *workers = dagsched_run_get_workers (table->run);
  guint n_workers = workers != NULL ? g_list_model_get_n_items (workers) : 0;

  for (guint i = 0; i < n_workers; i++)
    {
      g_autoptr (DagschedWorker) worker = g_list_model_get_item (workers, i);

      if (dagsched_worker_get_test (worker) == test)
        return g_steal_pointer (&worker);
    }

  return NULL;
}

guint
dagsched_gtk_test_column_get_worker (DagschedGtkRunTable *table, guint number)
{
  g_autoptr (DagschedWorker) worker = NULL;
  DagschedSpan span;

  if (table->looks[number] == DAGSCHED_GTK_LOOK_RUNNING)
    worker = dup_busy_worker (table, table->tests[number]);
  if (worker != NULL)
    return dagsched_worker_get_number (worker);

  return dagsched_run_get_span (table->run, number, 0, &span) ? span.worker : DAGSCHED_NO_WORKER;
}

/* Of a running test how long it has been, in whole seconds: they are shown once a second. */
static char *
dup_duration (DagschedGtkRunTable *table, guint number)
{
  DagschedTest *test = table->tests[number];

  if (table->looks[number] == DAGSCHED_GTK_LOOK_RUNNING)
    {
      g_autoptr (DagschedWorker) worker = dup_busy_worker (table, test);
      double since = worker != NULL ? dagsched_worker_get_since (worker) : 0;

      /* Translators: seconds */
      return worker != NULL
               ? g_strdup_printf (_ ("%d s"), (int) MAX (dagsched_run_get_elapsed (table->run) - since, 0))
               : g_strdup ("");
    }
  if (dagsched_test_get_n_attempts (test) == 0 || table->looks[number] < DAGSCHED_GTK_LOOK_PASSED)
    return g_strdup ("");

  return dagsched_gtk_text_duration (dagsched_test_get_duration (test));
}

static char *
dup_suites (DagschedTest *test)
{
  const char *const *suites = dagsched_test_get_suites (test);

  return suites != NULL ? g_strjoinv (", ", (char **) suites) : g_strdup ("");
}

static char *
dup_attempts (DagschedTest *test)
{
  guint n_attempts = dagsched_test_get_n_attempts (test);

  return n_attempts > 0 ? g_strdup_printf ("%u", n_attempts) : g_strdup ("");
}

static char *
dup_worker (DagschedGtkRunTable *table, guint number)
{
  guint worker = dagsched_gtk_test_column_get_worker (table, number);

  return worker != DAGSCHED_NO_WORKER ? g_strdup_printf ("%u", worker) : g_strdup ("");
}

static const struct
{
  DagschedFlags flag;
  const char *title;
} flags[] = {
  { DAGSCHED_FLAGS_FLAKY, N_ ("flaky") },
  { DAGSCHED_FLAGS_LEAKED, N_ ("left processes behind") },
  { DAGSCHED_FLAGS_TRUNCATED, N_ ("output cut") },
};

/* What flags say comes first: it is short. */
static char *
dup_reason (DagschedGtkRunTable *table, guint number)
{
  GString *text = g_string_new (NULL);
  const char *reason = dagsched_test_get_reason (table->tests[number]);

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      if (table->flags[number] & flags[i].flag)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", _ (flags[i].title));
    }
  if (reason != NULL && *reason != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", reason);

  return g_string_free (text, FALSE);
}

char *
dagsched_gtk_test_column_dup_text (DagschedGtkTestColumn column, DagschedGtkRunTable *table, guint number)
{
  DagschedTest *test = table->tests[number];

  switch (column)
    {
    case DAGSCHED_GTK_TEST_COLUMN_STATE:
      return g_strdup (dagsched_gtk_look_get_title (table->looks[number]));
    case DAGSCHED_GTK_TEST_COLUMN_SUITES:
      return dup_suites (test);
    case DAGSCHED_GTK_TEST_COLUMN_DURATION:
      return dup_duration (table, number);
    case DAGSCHED_GTK_TEST_COLUMN_ATTEMPTS:
      return dup_attempts (test);
    case DAGSCHED_GTK_TEST_COLUMN_WORKER:
      return dup_worker (table, number);
    case DAGSCHED_GTK_TEST_COLUMN_REASON:
      return dup_reason (table, number);
    default:
      return g_strdup (dagsched_test_get_name (test));
    }
}

char *
dagsched_gtk_test_column_dup_row_name (DagschedGtkRunTable *table, guint number)
{
  g_autofree char *state = g_utf8_strdown (dagsched_gtk_look_get_title (table->looks[number]), -1);
  g_autofree char *duration = NULL;
  const char *name = dagsched_test_get_name (table->tests[number]);

  if (table->looks[number] >= DAGSCHED_GTK_LOOK_PASSED)
    duration = dup_duration (table, number);
  if (duration == NULL || *duration == '\0')
    /* Translators: a test's name and its state */
    return g_strdup_printf (_ ("%s, %s"), name, state);

  /* Translators: a test's name, its outcome, how long it took */
  return g_strdup_printf (_ ("%s, %s, %s"), name, state, duration);
}
