/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "same-line.h"

#include "sample-run.h"

static void
assert_same_bytes (GBytes *a, GBytes *b)
{
  g_assert_true ((a == NULL) == (b == NULL));
  if (a != NULL)
    g_assert_true (g_bytes_equal (a, b));
}

static void
assert_same_result (const DagschedResult *a, const DagschedResult *b)
{
  g_assert_cmpint (a->outcome, ==, b->outcome);
  g_assert_cmpint (a->flags, ==, b->flags);
  g_assert_cmpint (a->exit_status, ==, b->exit_status);
  g_assert_cmpint (a->term_signal, ==, b->term_signal);
  g_assert_cmpstr (a->reason, ==, b->reason);
  g_assert_cmpstr (a->artifacts, ==, b->artifacts);
  g_assert_cmpint (a->lost, ==, b->lost);
  assert_same_bytes (a->standard_output, b->standard_output);
  assert_same_bytes (a->standard_error, b->standard_error);
}

static void
assert_same_dependencies (const GArray *a, const GArray *b)
{
  g_assert_true ((a == NULL) == (b == NULL));
  if (a == NULL)
    return;

  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    {
      g_assert_cmpuint (g_array_index (a, DagschedLogDependency, i).number, ==,
                        g_array_index (b, DagschedLogDependency, i).number);
      g_assert_cmpint (g_array_index (a, DagschedLogDependency, i).condition, ==,
                       g_array_index (b, DagschedLogDependency, i).condition);
    }
}

void
assert_same_line (const DagschedLogLine *a, const DagschedLogLine *b)
{
  g_assert_cmpint (a->kind, ==, b->kind);
  g_assert_cmpint (a->version, ==, b->version);
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpint (a->started_at, ==, b->started_at);
  g_assert_cmpuint (a->n_tests, ==, b->n_tests);
  g_assert_cmpuint (a->n_workers, ==, b->n_workers);
  g_assert_cmpuint (a->number, ==, b->number);
  g_assert_true ((a->test == NULL) == (b->test == NULL));
  if (a->test != NULL)
    sample_assert_same_settings (a->test, b->test);
  assert_same_dependencies (a->dependencies, b->dependencies);
  g_assert_cmpfloat (a->time, ==, b->time);
  g_assert_cmpuint (a->attempt, ==, b->attempt);
  g_assert_cmpuint (a->worker, ==, b->worker);
  assert_same_result (&a->result, &b->result);
  g_assert_cmpfloat (a->start, ==, b->start);
  g_assert_cmpfloat (a->duration, ==, b->duration);
  g_assert_cmpint (a->will_retry, ==, b->will_retry);
  g_assert_cmpuint (a->blocked_by, ==, b->blocked_by);
  g_assert_cmpint (a->verdict, ==, b->verdict);
  g_assert_cmpstr (a->problem, ==, b->problem);
}
