/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-junit-suites-private.h"

static void
suite_free (gpointer data)
{
  DagschedJUnitSuite *suite = data;

  g_ptr_array_unref (suite->tests);
  g_free (suite);
}

DagschedJUnitKind
dagsched_junit_get_plain_kind (DagschedOutcome outcome)
{
  switch (outcome)
    {
    case DAGSCHED_OUTCOME_FAILED:
    case DAGSCHED_OUTCOME_TIMED_OUT:
    case DAGSCHED_OUTCOME_UNEXPECTED_PASS:
      return DAGSCHED_JUNIT_FAILURE;
    case DAGSCHED_OUTCOME_ERRORED:
      return DAGSCHED_JUNIT_ERROR;
    case DAGSCHED_OUTCOME_SKIPPED:
    case DAGSCHED_OUTCOME_BLOCKED:
    case DAGSCHED_OUTCOME_CANCELLED:
    case DAGSCHED_OUTCOME_NONE:
      return DAGSCHED_JUNIT_SKIPPED;
    case DAGSCHED_OUTCOME_PASSED:
    case DAGSCHED_OUTCOME_EXPECTED_FAILURE:
    default:
      return DAGSCHED_JUNIT_SUCCESS;
    }
}

DagschedJUnitKind
dagsched_junit_suites_get_kind (const DagschedJUnitSuites *self, DagschedTest *test)
{
  DagschedOutcome outcome = dagsched_test_get_outcome (test);
  gboolean cancelled = outcome == DAGSCHED_OUTCOME_CANCELLED || outcome == DAGSCHED_OUTCOME_NONE;

  if (cancelled && (self->cancelled_is_error || dagsched_test_get_n_attempts (test) > 0))
    return DAGSCHED_JUNIT_ERROR;

  return dagsched_junit_get_plain_kind (outcome);
}

static const char *
get_suite_name (DagschedRun *run, DagschedTest *test)
{
  const char *const *suites = dagsched_test_get_suites (test);
  const char *name = dagsched_run_get_name (run);

  if (suites != NULL && suites[0] != NULL)
    return suites[0];

  return name != NULL && *name != '\0' ? name : "dagsched";
}

static DagschedJUnitSuite *
get_suite (DagschedJUnitSuites *self, GHashTable *by_name, const char *name)
{
  DagschedJUnitSuite *suite = g_hash_table_lookup (by_name, name);

  if (suite == NULL)
    {
      suite = g_new0 (DagschedJUnitSuite, 1);
      suite->name = name;
      suite->tests = g_ptr_array_new ();
      g_ptr_array_add (self->suites, suite);
      g_hash_table_insert (by_name, (char *) name, suite);
    }

  return suite;
}

static void
count_suite (DagschedJUnitSuites *self, DagschedJUnitSuite *suite)
{
  for (guint i = 0; i < suite->tests->len; i++)
    {
      DagschedTest *test = suite->tests->pdata[i];
      DagschedJUnitKind kind = dagsched_junit_suites_get_kind (self, test);

      suite->n_of_kind[kind]++;
      self->n_of_kind[kind]++;
      suite->duration += dagsched_test_get_duration (test);
    }
}

void
dagsched_junit_suites_init (DagschedJUnitSuites *self, DagschedRun *run)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  GListModel *tests = dagsched_run_get_tests (run);
  guint n_tests = g_list_model_get_n_items (tests);
  gboolean told = FALSE;

  *self = (DagschedJUnitSuites){ .suites = g_ptr_array_new_with_free_func (suite_free) };
  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);
      DagschedJUnitKind kind = dagsched_junit_suites_get_kind (self, test);

      g_ptr_array_add (get_suite (self, by_name, get_suite_name (run, test))->tests, test);
      told = told || kind == DAGSCHED_JUNIT_FAILURE || kind == DAGSCHED_JUNIT_ERROR;
    }
  self->cancelled_is_error = !told;

  for (guint i = 0; i < self->suites->len; i++)
    count_suite (self, self->suites->pdata[i]);
}

void
dagsched_junit_suites_clear (DagschedJUnitSuites *self)
{
  g_clear_pointer (&self->suites, g_ptr_array_unref);
}
