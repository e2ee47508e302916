/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-log.h"

#include <dagsched.h>

#include "bench-shape.h"
#include "store/dagsched-log-format-private.h"

#define N_WORKERS 2
#define DURATION_NS 1000000 /* of each test */

static DagschedTest *
create_test (guint32 number)
{
  g_autofree char *name = g_strdup_printf ("group-%u/test-%u", number / 1000, number);
  g_autofree char *origin = g_strdup_printf ("dagsched.json: tests[%u]", number);
  g_autofree char *argument = g_strdup_printf ("--number=%u", number);
  const char *const argv[] = { "./test", argument, NULL };
  DagschedCommandTest *test = dagsched_command_test_new (name, argv);

  dagsched_test_set_origin (DAGSCHED_TEST (test), origin);
  dagsched_command_test_set_workdir (test, "/home/me/src/project/build");

  return DAGSCHED_TEST (test);
}

static void
add_tests (GString *lines, guint n_tests)
{
  g_autoptr (BenchShape) shape = bench_shape_new (BENCH_SHAPE_LAYERED, n_tests);
  g_autofree DagschedTest **tests = g_new0 (DagschedTest *, n_tests);
  guint32 *dependencies = shape->dependencies.list;
  const DagschedPlanView plan = {
    .n_tests = n_tests,
    .tests = tests,
    .first_dependency = shape->dependencies.first,
    .dependencies = dependencies,
  };

  for (guint32 i = 0; i < shape->n_dependencies; i++)
    dependencies[i] = DAGSCHED_PACK_DEPENDENT (dependencies[i], DAGSCHED_CONDITION_SUCCESS);
  for (guint32 i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = create_test (i);

      tests[i] = test;
      dagsched_log_format_test (lines, &plan, i);
    }
}

static void
add_events (GString *lines, guint32 number)
{
  DagschedResult result = { .outcome = DAGSCHED_OUTCOME_PASSED };
  gint64 start_ns = (gint64) number / N_WORKERS * DURATION_NS;
  const DagschedTicket ticket = { .test = number, .attempt = 1, .lane = number % N_WORKERS };
  const DagschedAttemptRecord attempt = {
    .test = number,
    .attempt = 1,
    .lane = number % N_WORKERS,
    .outcome = DAGSCHED_OUTCOME_PASSED,
    .start_ns = start_ns,
    .end_ns = start_ns + DURATION_NS,
    .result = &result,
  };
  const DagschedFinishedRecord finished = {
    .test = number,
    .outcome = DAGSCHED_OUTCOME_PASSED,
    .blocked_by = DAGSCHED_NO_TEST,
    .n_attempts = 1,
    .time_ns = start_ns + DURATION_NS,
  };

  dagsched_log_format_started (lines, &ticket, start_ns);
  dagsched_log_format_attempt (lines, &attempt);
  dagsched_log_format_finished (lines, &finished);
}

gboolean
bench_log_write (const char *path, guint n_tests, guint *n_lines, GError **error)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  const DagschedLogHeader header = { .name = "log", .n_tests = n_tests, .n_workers = N_WORKERS };
  const DagschedLogEnd end = {
    .verdict = DAGSCHED_VERDICT_SUCCESS,
    .counts = { [DAGSCHED_OUTCOME_PASSED] = n_tests },
    .time_ns = (gint64) (n_tests / N_WORKERS + 1) * DURATION_NS,
  };

  dagsched_log_format_header (lines, &header);
  add_tests (lines, n_tests);
  for (guint32 i = 0; i < n_tests; i++)
    add_events (lines, i);
  dagsched_log_format_end (lines, &end);
  *n_lines = 2 + 4 * n_tests;

  return g_file_set_contents (path, lines->str, (gssize) lines->len, error);
}
