/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the processes of a test may use. */
#include "model/dagsched-command-test-private.h"

static GParamSpec *
create (DagschedLimit limit)
{
  return g_param_spec_uint64 (dagsched_limit_to_string (limit), NULL, NULL, 0, G_MAXUINT64, 0,
                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

void
dagsched_command_test_create_limits (GParamSpec **properties)
{
  /**
   * DagschedCommandTest:cpu-limit:
   *
   * How many seconds of processor time each process of the test may take: then it gets SIGXCPU, and SIGKILL if it goes
   * on (setrlimit(2), RLIMIT_CPU). 0: as the run says.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_LIMIT_CPU] = create (DAGSCHED_LIMIT_CPU);
  /**
   * DagschedCommandTest:memory-limit:
   *
   * How many bytes of data each process of the test may have: it gets no more (setrlimit(2), RLIMIT_DATA). 0: as the run
   * says.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_LIMIT_MEMORY] = create (DAGSCHED_LIMIT_MEMORY);
  /**
   * DagschedCommandTest:open-files-limit:
   *
   * How many files each process of the test may have open: it can open no more (setrlimit(2), RLIMIT_NOFILE). 0: as the
   * run says.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_LIMIT_OPEN_FILES] = create (DAGSCHED_LIMIT_OPEN_FILES);
  /**
   * DagschedCommandTest:process-limit:
   *
   * How many processes the test may have at a time, its own among them: with more it is ended. They are counted every
   * 20 ms. 0: as the run says.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_LIMIT_PROCESSES] = create (DAGSCHED_LIMIT_PROCESSES);
}

/**
 * dagsched_command_test_get_limit:
 * @self: a command test
 * @limit: which one
 *
 * Gets one of its limits.
 *
 * Returns: the limit, or 0: as the run says
 *
 * Since: 1.0
 */
guint64
dagsched_command_test_get_limit (DagschedCommandTest *self, DagschedLimit limit)
{
  g_return_val_if_fail (DAGSCHED_IS_COMMAND_TEST (self), 0);
  g_return_val_if_fail (limit < DAGSCHED_N_LIMITS, 0);

  return self->limits[limit];
}

/**
 * dagsched_command_test_set_limit:
 * @self: a command test
 * @limit: which one
 * @value: the limit, or 0: as the run says
 *
 * Sets one of its limits. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_command_test_set_limit (DagschedCommandTest *self, DagschedLimit limit, guint64 value)
{
  g_return_if_fail (DAGSCHED_IS_COMMAND_TEST (self));
  g_return_if_fail (limit < DAGSCHED_N_LIMITS);

  if (self->limits[limit] == value)
    return;

  self->limits[limit] = value;
  g_object_notify (G_OBJECT (self), dagsched_limit_to_string (limit));
}

/**
 * dagsched_command_test_get_output_limit:
 * @self: a command test
 *
 * Gets [property@Dagsched.CommandTest:output-limit].
 *
 * Returns: bytes a stream, or 0
 *
 * Since: 1.0
 */
guint64
dagsched_command_test_get_output_limit (DagschedCommandTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_COMMAND_TEST (self), 0);

  return self->output_limit;
}

/**
 * dagsched_command_test_set_output_limit:
 * @self: a command test
 * @n_bytes: bytes a stream, or 0
 *
 * Sets [property@Dagsched.CommandTest:output-limit]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_command_test_set_output_limit (DagschedCommandTest *self, guint64 n_bytes)
{
  g_return_if_fail (DAGSCHED_IS_COMMAND_TEST (self));

  if (self->output_limit == n_bytes)
    return;

  self->output_limit = n_bytes;
  g_object_notify (G_OBJECT (self), "output-limit");
}
