/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-enum-types.h"
#include "model/dagsched-test-struct-private.h"

/* What becomes of a test in a run. Signals have no default handlers, so that "is anybody there?"
 * is a look-up: where nobody is, nothing is boxed. */

enum
{
  SIGNAL_DEPENDENCY_FINISHED,
  SIGNAL_READY,
  SIGNAL_STARTED,
  SIGNAL_OUTPUT,
  SIGNAL_ATTEMPT_FINISHED,
  SIGNAL_FINISHED,
  N_SIGNALS
};

/* Written once, when the class is initialised. */
static guint signals[N_SIGNALS];
static GQuark quark_standard_output;
static GQuark quark_standard_error;
static GQuark quark_n_written; /* of tests that somebody listened to */

static guint
install_signal (const char *name, GSignalFlags flags, GType parameter)
{
  return g_signal_new (name, DAGSCHED_TYPE_TEST, G_SIGNAL_RUN_LAST | flags, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       parameter != G_TYPE_NONE ? 1 : 0, parameter);
}

void
dagsched_test_install_signals (void)
{
  quark_standard_output = g_quark_from_static_string ("standard-output");
  quark_standard_error = g_quark_from_static_string ("standard-error");
  quark_n_written = g_quark_from_static_string ("dagsched-n-written");

  /**
   * DagschedTest::dependency-finished:
   * @self: the test
   * @dependency: what it depends on
   *
   * A test on which this one depends has its outcome. Emitted in the thread that started the run.
   *
   * Since: 1.0
   */
  signals[SIGNAL_DEPENDENCY_FINISHED] = install_signal ("dependency-finished", 0, DAGSCHED_TYPE_TEST);

  /**
   * DagschedTest::ready:
   * @self: the test
   *
   * The last dependency has finished as it should, or a delay before a retry is over. Emitted in
   * the thread that started the run.
   *
   * Since: 1.0
   */
  signals[SIGNAL_READY] = install_signal ("ready", 0, G_TYPE_NONE);

  /**
   * DagschedTest::started:
   * @self: the test
   * @worker: the number of the worker that carries the attempt out
   * @attempt: the number of the attempt: 1 is the first
   *
   * An attempt has started. Emitted in the thread that started the run.
   *
   * Since: 1.0
   */
  signals[SIGNAL_STARTED] = g_signal_new ("started", DAGSCHED_TYPE_TEST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);

  /**
   * DagschedTest::output:
   * @self: the test
   * @bytes: what was written
   *
   * The running attempt has written something. The details are `standard-output` and
   * `standard-error`. What is slow to read loses output: all that is kept is in the attempt in the
   * end. What it wrote before somebody listened: [method@Run.load_output_async]. Emitted in the thread that started the run.
   *
   * Since: 1.0
   */
  signals[SIGNAL_OUTPUT] = install_signal ("output", G_SIGNAL_DETAILED, G_TYPE_BYTES);

  /**
   * DagschedTest::attempt-finished:
   * @self: the test
   * @attempt: what became of it
   *
   * An attempt has ended. Emitted in the thread that started the run.
   *
   * Since: 1.0
   */
  signals[SIGNAL_ATTEMPT_FINISHED] = install_signal ("attempt-finished", 0, DAGSCHED_TYPE_ATTEMPT);

  /**
   * DagschedTest::finished:
   * @self: the test
   *
   * The test has its outcome. Emitted exactly once in a run, in the thread that started it.
   *
   * Since: 1.0
   */
  signals[SIGNAL_FINISHED] = install_signal ("finished", 0, G_TYPE_NONE);
}

static gboolean
is_wanted (DagschedTest *self, guint signal, GQuark detail)
{
  return g_signal_has_handler_pending (self, signals[signal], detail, FALSE);
}

#define BIT(prop) (1u << DAGSCHED_TEST_PROP_##prop)
G_STATIC_ASSERT (DAGSCHED_TEST_N_PROPS <= 32);

static guint
set_state (DagschedTest *self, DagschedState state)
{
  DagschedTestPrivate *priv = dagsched_test_get_private (self);
  gboolean changed = priv->state != state;

  priv->state = state;

  return changed ? BIT (STATE) : 0;
}

static guint
set_n_attempts (DagschedTest *self, guint n_attempts)
{
  DagschedTestPrivate *priv = dagsched_test_get_private (self);
  gboolean changed = priv->n_attempts != n_attempts;

  priv->n_attempts = n_attempts;

  return changed ? BIT (N_ATTEMPTS) : 0;
}

static guint
set_why (DagschedTest *self, const char *reason, DagschedTest *blocked_by)
{
  DagschedTestPrivate *priv = dagsched_test_get_private (self);
  g_autofree char *copy = g_strdup (reason); /* it may be the one that goes now */
  guint changed = 0;

  if (g_strcmp0 (priv->why != NULL ? priv->why->reason : NULL, reason) != 0)
    changed |= BIT (REASON);
  if ((priv->why != NULL ? priv->why->blocked_by : NULL) != blocked_by)
    changed |= BIT (BLOCKED_BY);

  g_clear_pointer (&priv->why, dagsched_test_free_why);
  if (copy != NULL || blocked_by != NULL)
    {
      priv->why = g_new (DagschedTestWhy, 1);
      priv->why->reason = g_steal_pointer (&copy);
      priv->why->blocked_by = blocked_by;
    }

  return changed;
}

static guint
set_end (DagschedTest *self, const DagschedTestEnd *end)
{
  DagschedTestPrivate *priv = dagsched_test_get_private (self);
  guint changed = 0;

  changed |= priv->outcome != end->outcome ? BIT (OUTCOME) : 0;
  changed |= priv->flags != (guint) end->flags ? BIT (FLAGS) : 0;
  changed |= priv->duration != end->duration ? BIT (DURATION) : 0;
  changed |= set_n_attempts (self, end->n_attempts);
  if (priv->why != NULL || end->reason != NULL || end->blocked_by != NULL)
    changed |= set_why (self, end->reason, end->blocked_by);

  priv->outcome = end->outcome;
  priv->flags = end->flags;
  priv->duration = end->duration;

  return changed;
}

/* The values stand before the first handler runs: whoever watches one property sees all others as
 * they are now. (Freezing would do the same, but allocates for each test.) */
static void
notify_changed (DagschedTest *self, guint changed)
{
  for (; changed != 0; changed &= changed - 1)
    dagsched_test_notify (self, g_bit_nth_lsf (changed, -1));
}

void
dagsched_test_reset (DagschedTest *self)
{
  const DagschedTestEnd none = { .outcome = DAGSCHED_OUTCOME_NONE };
  guint changed = set_end (self, &none);

  changed |= set_state (self, DAGSCHED_STATE_PENDING);
  notify_changed (self, changed);
}

void
dagsched_test_become_ready (DagschedTest *self)
{
  notify_changed (self, set_state (self, DAGSCHED_STATE_READY));
  if (is_wanted (self, SIGNAL_READY, 0))
    g_signal_emit (self, signals[SIGNAL_READY], 0);
}

void
dagsched_test_become_started (DagschedTest *self, guint worker, guint attempt)
{
  guint changed = set_n_attempts (self, attempt);

  changed |= set_state (self, DAGSCHED_STATE_RUNNING);
  notify_changed (self, changed);
  if (is_wanted (self, SIGNAL_STARTED, 0))
    g_signal_emit (self, signals[SIGNAL_STARTED], 0, worker, attempt);
}

void
dagsched_test_attempt_finished (DagschedTest *self, DagschedAttempt *attempt)
{
  if (dagsched_test_wants_attempts (self))
    g_signal_emit (self, signals[SIGNAL_ATTEMPT_FINISHED], 0, attempt);
}

void
dagsched_test_dependency_finished (DagschedTest *self, DagschedTest *dependency)
{
  if (is_wanted (self, SIGNAL_DEPENDENCY_FINISHED, 0))
    g_signal_emit (self, signals[SIGNAL_DEPENDENCY_FINISHED], 0, dependency);
}

void
dagsched_test_output (DagschedTest *self, GBytes *bytes, guint64 n_written, gboolean is_error)
{
  GQuark detail = is_error ? quark_standard_error : quark_standard_output;
  guint64 *counts;

  if (!is_wanted (self, SIGNAL_OUTPUT, 0) && !is_wanted (self, SIGNAL_OUTPUT, detail))
    return;

  counts = g_object_get_qdata (G_OBJECT (self), quark_n_written);
  if (counts == NULL)
    {
      counts = g_new0 (guint64, 2);
      g_object_set_qdata_full (G_OBJECT (self), quark_n_written, counts, g_free);
    }
  counts[is_error ? 1 : 0] = n_written;
  g_signal_emit (self, signals[SIGNAL_OUTPUT], detail, bytes);
}

/**
 * dagsched_test_get_n_written:
 * @self: a test
 * @is_error: whether to ask for standard error, and not for standard output
 *
 * Gets how many bytes the attempt had written to a stream, by the end of what the last emission of
 * [signal@Test::output] told of that stream. What is between two emissions that is in neither of them has been
 * lost, as the signal is. To be called in the thread that started the run.
 *
 * Returns: a number of bytes; 0 before the first emission
 *
 * Since: 1.0
 */
guint64
dagsched_test_get_n_written (DagschedTest *self, gboolean is_error)
{
  const guint64 *counts;

  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);

  counts = g_object_get_qdata (G_OBJECT (self), quark_n_written);
  return counts != NULL ? counts[is_error ? 1 : 0] : 0;
}

void
dagsched_test_become_finished (DagschedTest *self, const DagschedTestEnd *end)
{
  guint changed = set_end (self, end);

  changed |= set_state (self, DAGSCHED_STATE_FINISHED);
  notify_changed (self, changed);
  if (is_wanted (self, SIGNAL_FINISHED, 0))
    g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
}

gboolean
dagsched_test_wants_attempts (DagschedTest *self)
{
  return is_wanted (self, SIGNAL_ATTEMPT_FINISHED, 0);
}

gboolean
dagsched_test_wants_output (DagschedTest *self)
{
  return is_wanted (self, SIGNAL_OUTPUT, 0) || is_wanted (self, SIGNAL_OUTPUT, quark_standard_output) ||
         is_wanted (self, SIGNAL_OUTPUT, quark_standard_error);
}

void
dagsched_test_forget_blocked_by (DagschedTest *self)
{
  DagschedTestPrivate *priv = dagsched_test_get_private (self);

  if (priv->why != NULL)
    priv->why->blocked_by = NULL;
}

void
dagsched_test_free_why (DagschedTestWhy *why)
{
  g_free (why->reason);
  g_free (why);
}

/**
 * dagsched_test_get_state:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:state], of the run that the test takes part in, or took part in last.
 * To be called in the thread that started the run.
 *
 * Returns: the state
 *
 * Since: 1.0
 */
DagschedState
dagsched_test_get_state (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), DAGSCHED_STATE_PENDING);

  return dagsched_test_get_private (self)->state;
}

/**
 * dagsched_test_get_outcome:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:outcome], of the run that the test takes part in, or took part in last.
 * To be called in the thread that started the run.
 *
 * Returns: the outcome
 *
 * Since: 1.0
 */
DagschedOutcome
dagsched_test_get_outcome (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), DAGSCHED_OUTCOME_NONE);

  return dagsched_test_get_private (self)->outcome;
}

/**
 * dagsched_test_get_flags:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:flags], of the run that the test takes part in, or took part in last.
 * To be called in the thread that started the run.
 *
 * Returns: the flags
 *
 * Since: 1.0
 */
DagschedFlags
dagsched_test_get_flags (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), DAGSCHED_FLAGS_NONE);

  return dagsched_test_get_private (self)->flags;
}

/**
 * dagsched_test_get_reason:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:reason], of the run that the test takes part in, or took part in last.
 * To be called in the thread that started the run.
 *
 * Returns: (nullable) (transfer none): the reason
 *
 * Since: 1.0
 */
const char *
dagsched_test_get_reason (DagschedTest *self)
{
  const DagschedTestWhy *why;

  g_return_val_if_fail (DAGSCHED_IS_TEST (self), NULL);

  why = dagsched_test_get_private (self)->why;

  return why != NULL ? why->reason : NULL;
}

/**
 * dagsched_test_get_n_attempts:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:n-attempts], of the run that the test takes part in, or took part in last.
 * To be called in the thread that started the run.
 *
 * Returns: how many attempts were started
 *
 * Since: 1.0
 */
guint
dagsched_test_get_n_attempts (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);

  return dagsched_test_get_private (self)->n_attempts;
}

/**
 * dagsched_test_get_duration:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:duration], of the run that the test takes part in, or took part in last.
 * To be called in the thread that started the run.
 *
 * Returns: seconds
 *
 * Since: 1.0
 */
double
dagsched_test_get_duration (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);

  return dagsched_test_get_private (self)->duration;
}

/**
 * dagsched_test_get_blocked_by:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:blocked-by], of the run that the test takes part in, or took part in last.
 * To be called in the thread that started the run.
 *
 * Returns: (nullable) (transfer none): a test of the same run
 *
 * Since: 1.0
 */
DagschedTest *
dagsched_test_get_blocked_by (DagschedTest *self)
{
  const DagschedTestWhy *why;

  g_return_val_if_fail (DAGSCHED_IS_TEST (self), NULL);

  why = dagsched_test_get_private (self)->why;

  return why != NULL ? why->blocked_by : NULL;
}
