/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-attempt.h"

#include "base/dagsched-enum-types.h"
#include "model/dagsched-attempt-private.h"

/**
 * DagschedAttempt:
 *
 * One try of one test, ended.
 *
 * An attempt never changes, and may be used from any thread.
 *
 * Since: 1.0
 */
struct _DagschedAttempt
{
  GObject parent_instance;

  /* read-only after init */
  guint number;
  guint worker;
  DagschedOutcome outcome;
  DagschedFlags flags;
  double start_time;
  double duration;
  gboolean will_retry;
  int exit_status;
  int term_signal;
  char *reason;
  GBytes *standard_output;
  GBytes *standard_error;
  char *artifacts;
};

enum
{
  PROP_0,
  PROP_NUMBER,
  PROP_WORKER,
  PROP_OUTCOME,
  PROP_FLAGS,
  PROP_REASON,
  PROP_START_TIME,
  PROP_DURATION,
  PROP_WILL_RETRY,
  PROP_EXIT_STATUS,
  PROP_TERM_SIGNAL,
  PROP_STANDARD_OUTPUT,
  PROP_STANDARD_ERROR,
  PROP_ARTIFACTS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (DagschedAttempt, dagsched_attempt, G_TYPE_OBJECT)

static void
dagsched_attempt_finalize (GObject *object)
{
  DagschedAttempt *self = DAGSCHED_ATTEMPT (object);

  g_clear_pointer (&self->reason, g_free);
  g_clear_pointer (&self->standard_output, g_bytes_unref);
  g_clear_pointer (&self->standard_error, g_bytes_unref);
  g_clear_pointer (&self->artifacts, g_free);

  G_OBJECT_CLASS (dagsched_attempt_parent_class)->finalize (object);
}

static void
dagsched_attempt_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedAttempt *self = DAGSCHED_ATTEMPT (object);

  switch (prop_id)
    {
    case PROP_NUMBER:
      g_value_set_uint (value, self->number);
      break;
    case PROP_WORKER:
      g_value_set_uint (value, self->worker);
      break;
    case PROP_OUTCOME:
      g_value_set_enum (value, self->outcome);
      break;
    case PROP_FLAGS:
      g_value_set_flags (value, self->flags);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    case PROP_START_TIME:
      g_value_set_double (value, self->start_time);
      break;
    case PROP_DURATION:
      g_value_set_double (value, self->duration);
      break;
    case PROP_WILL_RETRY:
      g_value_set_boolean (value, self->will_retry);
      break;
    case PROP_EXIT_STATUS:
      g_value_set_int (value, self->exit_status);
      break;
    case PROP_TERM_SIGNAL:
      g_value_set_int (value, self->term_signal);
      break;
    case PROP_STANDARD_OUTPUT:
      g_value_set_boxed (value, self->standard_output);
      break;
    case PROP_STANDARD_ERROR:
      g_value_set_boxed (value, self->standard_error);
      break;
    case PROP_ARTIFACTS:
      g_value_set_string (value, self->artifacts);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_attempt_class_init (DagschedAttemptClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dagsched_attempt_finalize;
  object_class->get_property = dagsched_attempt_get_property;

  /**
   * DagschedAttempt:number:
   *
   * Which try of its test this was: 1 is the first.
   *
   * Since: 1.0
   */
  properties[PROP_NUMBER] = g_param_spec_uint ("number", NULL, NULL, 0, G_MAXUINT, 0, flags);
  /**
   * DagschedAttempt:worker:
   *
   * The number of the worker that carried the attempt out, or %DAGSCHED_NO_WORKER.
   *
   * Since: 1.0
   */
  properties[PROP_WORKER] = g_param_spec_uint ("worker", NULL, NULL, 0, G_MAXUINT, DAGSCHED_NO_WORKER, flags);
  /**
   * DagschedAttempt:outcome:
   *
   * How the attempt ended, an expected failure taken into account.
   *
   * Since: 1.0
   */
  properties[PROP_OUTCOME] =
    g_param_spec_enum ("outcome", NULL, NULL, DAGSCHED_TYPE_OUTCOME, DAGSCHED_OUTCOME_NONE, flags);
  /**
   * DagschedAttempt:flags:
   *
   * What there is to say beside the outcome.
   *
   * Since: 1.0
   */
  properties[PROP_FLAGS] =
    g_param_spec_flags ("flags", NULL, NULL, DAGSCHED_TYPE_FLAGS, DAGSCHED_FLAGS_NONE, flags);
  /**
   * DagschedAttempt:reason:
   *
   * One line that says why the attempt was no plain success, or %NULL.
   *
   * Since: 1.0
   */
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);
  /**
   * DagschedAttempt:start-time:
   *
   * When the attempt started, in seconds since the start of the run.
   *
   * Since: 1.0
   */
  properties[PROP_START_TIME] =
    g_param_spec_double ("start-time", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
  /**
   * DagschedAttempt:duration:
   *
   * How long the attempt took, in seconds.
   *
   * Since: 1.0
   */
  properties[PROP_DURATION] = g_param_spec_double ("duration", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  /**
   * DagschedAttempt:will-retry:
   *
   * Whether another attempt of the test is to follow. It does not if the run is cancelled meanwhile.
   *
   * Since: 1.0
   */
  properties[PROP_WILL_RETRY] = g_param_spec_boolean ("will-retry", NULL, NULL, FALSE, flags);
  /**
   * DagschedAttempt:exit-status:
   *
   * The exit status of the attempt's process, or -1 if it did not exit, or was no process.
   *
   * Since: 1.0
   */
  properties[PROP_EXIT_STATUS] = g_param_spec_int ("exit-status", NULL, NULL, -1, G_MAXINT, -1, flags);
  /**
   * DagschedAttempt:term-signal:
   *
   * The number of the signal that ended the attempt's process, or 0.
   *
   * Since: 1.0
   */
  properties[PROP_TERM_SIGNAL] = g_param_spec_int ("term-signal", NULL, NULL, 0, G_MAXINT, 0, flags);
  /**
   * DagschedAttempt:standard-output:
   *
   * What the attempt wrote to standard output, as far as it was kept. %NULL: nothing.
   *
   * Since: 1.0
   */
  properties[PROP_STANDARD_OUTPUT] = g_param_spec_boxed ("standard-output", NULL, NULL, G_TYPE_BYTES, flags);
  /**
   * DagschedAttempt:standard-error:
   *
   * What the attempt wrote to standard error, as far as it was kept. %NULL: nothing.
   *
   * Since: 1.0
   */
  properties[PROP_STANDARD_ERROR] = g_param_spec_boxed ("standard-error", NULL, NULL, G_TYPE_BYTES, flags);
  /**
   * DagschedAttempt:artifacts:
   *
   * The directory in which files of the attempt were kept, or %NULL.
   *
   * Since: 1.0
   */
  properties[PROP_ARTIFACTS] = g_param_spec_string ("artifacts", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_attempt_init (DagschedAttempt *self)
{
}

DagschedAttempt *
dagsched_attempt_new (guint number,
                      guint worker,
                      DagschedOutcome outcome,
                      double start_time,
                      double duration,
                      gboolean will_retry,
                      DagschedResult *result)
{
  DagschedAttempt *self = g_object_new (DAGSCHED_TYPE_ATTEMPT, NULL);

  self->number = number;
  self->worker = worker;
  self->outcome = outcome;
  self->flags = result->flags;
  self->start_time = start_time;
  self->duration = duration;
  self->will_retry = will_retry;
  self->exit_status = result->exit_status;
  self->term_signal = result->term_signal;
  self->reason = g_steal_pointer (&result->reason);
  self->standard_output = g_steal_pointer (&result->standard_output);
  self->standard_error = g_steal_pointer (&result->standard_error);
  self->artifacts = g_steal_pointer (&result->artifacts);

  return self;
}

/**
 * dagsched_attempt_get_number:
 * @self: an attempt
 *
 * Gets [property@Dagsched.Attempt:number]. May be called from any thread.
 *
 * Returns: the number
 *
 * Since: 1.0
 */
guint
dagsched_attempt_get_number (DagschedAttempt *self)
{
  g_return_val_if_fail (DAGSCHED_IS_ATTEMPT (self), 0);

  return self->number;
}

/**
 * dagsched_attempt_get_worker:
 * @self: an attempt
 *
 * Gets [property@Dagsched.Attempt:worker]. May be called from any thread.
 *
 * Returns: the worker's number
 *
 * Since: 1.0
 */
guint
dagsched_attempt_get_worker (DagschedAttempt *self)
{
  g_return_val_if_fail (DAGSCHED_IS_ATTEMPT (self), DAGSCHED_NO_WORKER);

  return self->worker;
}

/**
 * dagsched_attempt_get_outcome:
 * @self: an attempt
 *
 * Gets [property@Dagsched.Attempt:outcome]. May be called from any thread.
 *
 * Returns: the outcome
 *
 * Since: 1.0
 */
DagschedOutcome
dagsched_attempt_get_outcome (DagschedAttempt *self)
{
  g_return_val_if_fail (DAGSCHED_IS_ATTEMPT (self), DAGSCHED_OUTCOME_NONE);

  return self->outcome;
}

/**
 * dagsched_attempt_get_flags:
 * @self: an attempt
 *
 * Gets [property@Dagsched.Attempt:flags]. May be called from any thread.
 *
 * Returns: the flags
 *
 * Since: 1.0
 */
DagschedFlags
dagsched_attempt_get_flags (DagschedAttempt *self)
{
  g_return_val_if_fail (DAGSCHED_IS_ATTEMPT (self), DAGSCHED_FLAGS_NONE);

  return self->flags;
}

/**
 * dagsched_attempt_get_reason:
 * @self: an attempt
 *
 * Gets [property@Dagsched.Attempt:reason]. May be called from any thread.
 *
 * Returns: (nullable) (transfer none): the reason
 *
 * Since: 1.0
 */
const char *
dagsched_attempt_get_reason (DagschedAttempt *self)
{
  g_return_val_if_fail (DAGSCHED_IS_ATTEMPT (self), NULL);

  return self->reason;
}

/**
 * dagsched_attempt_get_start_time:
 * @self: an attempt
 *
 * Gets [property@Dagsched.Attempt:start-time]. May be called from any thread.
 *
 * Returns: seconds since the start of the run
 *
 * Since: 1.0
 */
double
dagsched_attempt_get_start_time (DagschedAttempt *self)
{
  g_return_val_if_fail (DAGSCHED_IS_ATTEMPT (self), 0);

  return self->start_time;
}

/**
 * dagsched_attempt_get_duration:
 * @self: an attempt
 *
 * Gets [property@Dagsched.Attempt:duration]. May be called from any thread.
 *
 * Returns: the duration in seconds
 *
 * Since: 1.0
 */
double
dagsched_attempt_get_duration (DagschedAttempt *self)
{
  g_return_val_if_fail (DAGSCHED_IS_ATTEMPT (self), 0);

  return self->duration;
}

/**
 * dagsched_attempt_get_will_retry:
 * @self: an attempt
 *
 * Gets [property@Dagsched.Attempt:will-retry]. May be called from any thread.
 *
 * Returns: whether another attempt is to follow
 *
 * Since: 1.0
 */
gboolean
dagsched_attempt_get_will_retry (DagschedAttempt *self)
{
  g_return_val_if_fail (DAGSCHED_IS_ATTEMPT (self), FALSE);

  return self->will_retry;
}

/**
 * dagsched_attempt_get_exit_status:
 * @self: an attempt
 *
 * Gets [property@Dagsched.Attempt:exit-status]. May be called from any thread.
 *
 * Returns: the exit status, or -1
 *
 * Since: 1.0
 */
int
dagsched_attempt_get_exit_status (DagschedAttempt *self)
{
  g_return_val_if_fail (DAGSCHED_IS_ATTEMPT (self), -1);

  return self->exit_status;
}

/**
 * dagsched_attempt_get_term_signal:
 * @self: an attempt
 *
 * Gets [property@Dagsched.Attempt:term-signal]. May be called from any thread.
 *
 * Returns: the signal's number, or 0
 *
 * Since: 1.0
 */
int
dagsched_attempt_get_term_signal (DagschedAttempt *self)
{
  g_return_val_if_fail (DAGSCHED_IS_ATTEMPT (self), 0);

  return self->term_signal;
}

/**
 * dagsched_attempt_get_standard_output:
 * @self: an attempt
 *
 * Gets [property@Dagsched.Attempt:standard-output]. May be called from any thread.
 *
 * Returns: (nullable) (transfer none): the output
 *
 * Since: 1.0
 */
GBytes *
dagsched_attempt_get_standard_output (DagschedAttempt *self)
{
  g_return_val_if_fail (DAGSCHED_IS_ATTEMPT (self), NULL);

  return self->standard_output;
}

/**
 * dagsched_attempt_get_standard_error:
 * @self: an attempt
 *
 * Gets [property@Dagsched.Attempt:standard-error]. May be called from any thread.
 *
 * Returns: (nullable) (transfer none): the output
 *
 * Since: 1.0
 */
GBytes *
dagsched_attempt_get_standard_error (DagschedAttempt *self)
{
  g_return_val_if_fail (DAGSCHED_IS_ATTEMPT (self), NULL);

  return self->standard_error;
}

/**
 * dagsched_attempt_get_artifacts:
 * @self: an attempt
 *
 * Gets [property@Dagsched.Attempt:artifacts]. May be called from any thread.
 *
 * Returns: (nullable) (transfer none) (type filename): the directory
 *
 * Since: 1.0
 */
const char *
dagsched_attempt_get_artifacts (DagschedAttempt *self)
{
  g_return_val_if_fail (DAGSCHED_IS_ATTEMPT (self), NULL);

  return self->artifacts;
}
