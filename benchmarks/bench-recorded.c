/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-instance.h"

#include <math.h>
#include <string.h>

#include "bench-clock.h"
#include "store/dagsched-log-content-private.h"

/* Of all attempts: 0 for a test that did not run. */
static gint64
sum_durations (DagschedLogContent *content, const DagschedLogTest *test)
{
  double seconds = 0;

  for (const DagschedLogAttempt *attempt = dagsched_log_content_get_attempt (content, test->last_attempt);
       attempt != NULL; attempt = dagsched_log_content_get_attempt (content, attempt->previous))
    seconds += attempt->duration;

  return (gint64) round (seconds * BENCH_NS_PER_SECOND);
}

static void
take_test (BenchInstance *self, DagschedLogContent *content, const DagschedLogTest *test)
{
  guint32 number = bench_instance_add (self, sum_durations (content, test));
  BenchTask *task = &g_array_index (self->tasks, BenchTask, number);

  task->slots =
    dagsched_test_get_exclusive (test->test) ? DAGSCHED_ALL : dagsched_test_get_slots (test->test);
  for (guint32 i = 0; i < test->n_dependencies; i++)
    bench_instance_depend (self, number, dagsched_log_content_get_dependency (content, test, i)->number);
}

static char *
get_name (GFile *log)
{
  char *name = g_file_get_basename (log);
  char *dot = strchr (name, '.');

  if (dot != NULL)
    *dot = '\0';

  return name;
}

BenchInstance *
bench_recorded_load (GFile *log, GError **error)
{
  g_autoptr (DagschedLogContent) content = dagsched_log_content_load (log, NULL, error);
  g_autofree char *name = get_name (log);
  BenchInstance *self;

  if (content == NULL)
    return NULL;

  self = bench_instance_new (name);
  for (guint32 i = 0; i < content->tests->len; i++)
    take_test (self, content, dagsched_log_content_get_test (content, i));

  return self;
}
