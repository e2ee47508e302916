/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-enums.h"

#include "base/dagsched-outcome-private.h"

static const char *
name_of (const char *const *names, gsize n_names, guint value)
{
  g_return_val_if_fail (value < n_names, NULL);

  return names[value];
}

static gboolean
value_of (const char *const *names, gsize n_names, const char *string, guint *value)
{
  for (gsize i = 0; i < n_names; i++)
    {
      if (g_strcmp0 (names[i], string) == 0)
        {
          *value = i;
          return TRUE;
        }
    }

  return FALSE;
}

static const char *const state_names[] = {
  [DAGSCHED_STATE_PENDING] = "pending",
  [DAGSCHED_STATE_READY] = "ready",
  [DAGSCHED_STATE_RUNNING] = "running",
  [DAGSCHED_STATE_FINISHED] = "finished",
};

/**
 * dagsched_state_to_string:
 * @state: a #DagschedState
 *
 * Gets the word for a state, as reports, logs and the command spell it.
 *
 * May be called from any thread.
 *
 * Returns: (transfer none): the word
 *
 * Since: 1.0
 */
const char *
dagsched_state_to_string (DagschedState state)
{
  return name_of (state_names, G_N_ELEMENTS (state_names), state);
}

static const char *const outcome_names[] = {
  [DAGSCHED_OUTCOME_NONE] = "none",
  [DAGSCHED_OUTCOME_PASSED] = "passed",
  [DAGSCHED_OUTCOME_FAILED] = "failed",
  [DAGSCHED_OUTCOME_TIMED_OUT] = "timed-out",
  [DAGSCHED_OUTCOME_ERRORED] = "errored",
  [DAGSCHED_OUTCOME_SKIPPED] = "skipped",
  [DAGSCHED_OUTCOME_BLOCKED] = "blocked",
  [DAGSCHED_OUTCOME_CANCELLED] = "cancelled",
  [DAGSCHED_OUTCOME_EXPECTED_FAILURE] = "expected-failure",
  [DAGSCHED_OUTCOME_UNEXPECTED_PASS] = "unexpected-pass",
};

/**
 * dagsched_outcome_to_string:
 * @outcome: a #DagschedOutcome
 *
 * Gets the word for a outcome, as reports, logs and the command spell it.
 *
 * May be called from any thread.
 *
 * Returns: (transfer none): the word
 *
 * Since: 1.0
 */
const char *
dagsched_outcome_to_string (DagschedOutcome outcome)
{
  return name_of (outcome_names, G_N_ELEMENTS (outcome_names), outcome);
}

/**
 * dagsched_outcome_from_string:
 * @string: (nullable): a word
 * @outcome: (out): where the value goes
 *
 * Looks up a word that dagsched_outcome_to_string() gives.
 *
 * May be called from any thread.
 *
 * Returns: whether @string is such a word; if not, @outcome is left alone
 *
 * Since: 1.0
 */
gboolean
dagsched_outcome_from_string (const char *string, DagschedOutcome *outcome)
{
  guint value;

  g_return_val_if_fail (outcome != NULL, FALSE);

  if (!value_of (outcome_names, G_N_ELEMENTS (outcome_names), string, &value))
    return FALSE;

  *outcome = value;
  return TRUE;
}

static const char *const condition_names[] = {
  [DAGSCHED_CONDITION_SUCCESS] = "success",
  [DAGSCHED_CONDITION_ALWAYS] = "always",
  [DAGSCHED_CONDITION_FAILURE] = "failure",
};

/**
 * dagsched_condition_to_string:
 * @condition: a #DagschedCondition
 *
 * Gets the word for a condition, as reports, logs and the command spell it.
 *
 * May be called from any thread.
 *
 * Returns: (transfer none): the word
 *
 * Since: 1.0
 */
const char *
dagsched_condition_to_string (DagschedCondition condition)
{
  return name_of (condition_names, G_N_ELEMENTS (condition_names), condition);
}

/**
 * dagsched_condition_from_string:
 * @string: (nullable): a word
 * @condition: (out): where the value goes
 *
 * Looks up a word that dagsched_condition_to_string() gives.
 *
 * May be called from any thread.
 *
 * Returns: whether @string is such a word; if not, @condition is left alone
 *
 * Since: 1.0
 */
gboolean
dagsched_condition_from_string (const char *string, DagschedCondition *condition)
{
  guint value;

  g_return_val_if_fail (condition != NULL, FALSE);

  if (!value_of (condition_names, G_N_ELEMENTS (condition_names), string, &value))
    return FALSE;

  *condition = value;
  return TRUE;
}

static const char *const limit_names[] = {
  [DAGSCHED_LIMIT_CPU] = "cpu-limit",
  [DAGSCHED_LIMIT_MEMORY] = "memory-limit",
  [DAGSCHED_LIMIT_OPEN_FILES] = "open-files-limit",
  [DAGSCHED_LIMIT_PROCESSES] = "process-limit",
};

G_STATIC_ASSERT (G_N_ELEMENTS (limit_names) == DAGSCHED_N_LIMITS);

static const char *const protocol_names[] = {
  [DAGSCHED_PROTOCOL_EXITCODE] = "exitcode", [DAGSCHED_PROTOCOL_TAP] = "tap",
  [DAGSCHED_PROTOCOL_GLIB] = "glib",         [DAGSCHED_PROTOCOL_GTEST] = "gtest",
  [DAGSCHED_PROTOCOL_RUST] = "rust",
};

/**
 * dagsched_limit_to_string:
 * @limit: a #DagschedLimit
 *
 * Gets the word for a limit, as manifests, logs, properties and the command spell it: "cpu-limit".
 *
 * May be called from any thread.
 *
 * Returns: (transfer none): the word
 *
 * Since: 1.0
 */
const char *
dagsched_limit_to_string (DagschedLimit limit)
{
  return name_of (limit_names, G_N_ELEMENTS (limit_names), limit);
}

/**
 * dagsched_protocol_to_string:
 * @protocol: a #DagschedProtocol
 *
 * Gets the word for a protocol, as reports, logs and the command spell it.
 *
 * May be called from any thread.
 *
 * Returns: (transfer none): the word
 *
 * Since: 1.0
 */
const char *
dagsched_protocol_to_string (DagschedProtocol protocol)
{
  return name_of (protocol_names, G_N_ELEMENTS (protocol_names), protocol);
}

/**
 * dagsched_protocol_from_string:
 * @string: (nullable): a word
 * @protocol: (out): where the value goes
 *
 * Looks up a word that dagsched_protocol_to_string() gives.
 *
 * May be called from any thread.
 *
 * Returns: whether @string is such a word; if not, @protocol is left alone
 *
 * Since: 1.0
 */
gboolean
dagsched_protocol_from_string (const char *string, DagschedProtocol *protocol)
{
  guint value;

  g_return_val_if_fail (protocol != NULL, FALSE);

  if (!value_of (protocol_names, G_N_ELEMENTS (protocol_names), string, &value))
    return FALSE;

  *protocol = value;
  return TRUE;
}

static const char *const order_names[] = {
  [DAGSCHED_ORDER_AUTO] = "auto",
  [DAGSCHED_ORDER_CRITICAL_PATH] = "critical-path",
  [DAGSCHED_ORDER_DECLARATION] = "declaration",
  [DAGSCHED_ORDER_LONGEST] = "longest",
  [DAGSCHED_ORDER_RANDOM] = "random",
};

/**
 * dagsched_order_to_string:
 * @order: a #DagschedOrder
 *
 * Gets the word for a order, as reports, logs and the command spell it.
 *
 * May be called from any thread.
 *
 * Returns: (transfer none): the word
 *
 * Since: 1.0
 */
const char *
dagsched_order_to_string (DagschedOrder order)
{
  return name_of (order_names, G_N_ELEMENTS (order_names), order);
}

/**
 * dagsched_order_from_string:
 * @string: (nullable): a word
 * @order: (out): where the value goes
 *
 * Looks up a word that dagsched_order_to_string() gives.
 *
 * May be called from any thread.
 *
 * Returns: whether @string is such a word; if not, @order is left alone
 *
 * Since: 1.0
 */
gboolean
dagsched_order_from_string (const char *string, DagschedOrder *order)
{
  guint value;

  g_return_val_if_fail (order != NULL, FALSE);

  if (!value_of (order_names, G_N_ELEMENTS (order_names), string, &value))
    return FALSE;

  *order = value;
  return TRUE;
}

static const char *const worker_state_names[] = {
  [DAGSCHED_WORKER_STATE_PARKED] = "parked",
  [DAGSCHED_WORKER_STATE_SEARCHING] = "searching",
  [DAGSCHED_WORKER_STATE_RUNNING] = "running",
};

/**
 * dagsched_worker_state_to_string:
 * @state: a #DagschedWorkerState
 *
 * Gets the word for a worker state, as reports, logs and the command spell it.
 *
 * May be called from any thread.
 *
 * Returns: (transfer none): the word
 *
 * Since: 1.0
 */
const char *
dagsched_worker_state_to_string (DagschedWorkerState state)
{
  return name_of (worker_state_names, G_N_ELEMENTS (worker_state_names), state);
}

static const char *const verdict_names[] = {
  [DAGSCHED_VERDICT_NONE] = "none",
  [DAGSCHED_VERDICT_SUCCESS] = "success",
  [DAGSCHED_VERDICT_FAILURE] = "failure",
  [DAGSCHED_VERDICT_INCOMPLETE] = "incomplete",
};

/**
 * dagsched_verdict_to_string:
 * @verdict: a #DagschedVerdict
 *
 * Gets the word for a verdict, as reports, logs and the command spell it.
 *
 * May be called from any thread.
 *
 * Returns: (transfer none): the word
 *
 * Since: 1.0
 */
const char *
dagsched_verdict_to_string (DagschedVerdict verdict)
{
  return name_of (verdict_names, G_N_ELEMENTS (verdict_names), verdict);
}

/**
 * dagsched_outcome_is_success:
 * @outcome: an outcome
 *
 * Tells whether an outcome is a success: passed, or failed as expected.
 *
 * Returns: whether it is
 *
 * Since: 1.0
 */
gboolean
dagsched_outcome_is_success (DagschedOutcome outcome)
{
  return DAGSCHED_OUTCOME_IN (outcome, DAGSCHED_SUCCESSES);
}

/**
 * dagsched_outcome_is_failure:
 * @outcome: an outcome
 *
 * Tells whether an outcome is a failure: failed, timed out, errored, or passed unexpectedly.
 * Neither success nor failure are skipped, blocked and cancelled.
 *
 * Returns: whether it is
 *
 * Since: 1.0
 */
gboolean
dagsched_outcome_is_failure (DagschedOutcome outcome)
{
  return DAGSCHED_OUTCOME_IN (outcome, DAGSCHED_FAILURES);
}
