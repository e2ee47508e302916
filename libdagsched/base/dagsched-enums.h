/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "base/dagsched-version-macros.h"

G_BEGIN_DECLS

/**
 * DAGSCHED_ALL:
 *
 * An amount that means the whole capacity of a resource, or every slot of a run.
 *
 * Since: 1.0
 */
#define DAGSCHED_ALL G_MAXUINT32

/**
 * DAGSCHED_NO_WORKER:
 *
 * The worker number of what ran on no worker.
 *
 * Since: 1.0
 */
#define DAGSCHED_NO_WORKER G_MAXUINT32

/**
 * DagschedLimit:
 * @DAGSCHED_LIMIT_CPU: seconds of processor time, of each process
 * @DAGSCHED_LIMIT_MEMORY: bytes of data, of each process
 * @DAGSCHED_LIMIT_OPEN_FILES: files that each process may have open at a time
 * @DAGSCHED_LIMIT_PROCESSES: processes at a time, in all
 *
 * What a test that is carried out by processes may use.
 *
 * Since: 1.0
 */
typedef enum
{
  DAGSCHED_LIMIT_CPU,
  DAGSCHED_LIMIT_MEMORY,
  DAGSCHED_LIMIT_OPEN_FILES,
  DAGSCHED_LIMIT_PROCESSES,
} DagschedLimit;

/**
 * DAGSCHED_N_LIMITS:
 *
 * How many values #DagschedLimit has.
 *
 * Since: 1.0
 */
#define DAGSCHED_N_LIMITS 4

/**
 * DagschedState:
 * @DAGSCHED_STATE_PENDING: a dependency is unfinished
 * @DAGSCHED_STATE_READY: may start; waits for a worker, slots, resources or the delay before a retry
 * @DAGSCHED_STATE_RUNNING: an attempt is being carried out
 * @DAGSCHED_STATE_FINISHED: has its outcome
 *
 * How far a test is.
 *
 * Since: 1.0
 */
typedef enum
{
  DAGSCHED_STATE_PENDING,
  DAGSCHED_STATE_READY,
  DAGSCHED_STATE_RUNNING,
  DAGSCHED_STATE_FINISHED,
} DagschedState;

/**
 * DagschedOutcome:
 * @DAGSCHED_OUTCOME_NONE: not finished
 * @DAGSCHED_OUTCOME_PASSED: did what it should
 * @DAGSCHED_OUTCOME_FAILED: said that something is wrong, or crashed
 * @DAGSCHED_OUTCOME_TIMED_OUT: did not end within its time-out
 * @DAGSCHED_OUTCOME_ERRORED: could not run, or broke its protocol
 * @DAGSCHED_OUTCOME_SKIPPED: said so itself, is disabled, or is not needed
 * @DAGSCHED_OUTCOME_BLOCKED: the condition of a dependency did not hold
 * @DAGSCHED_OUTCOME_CANCELLED: the run was cancelled before it finished
 * @DAGSCHED_OUTCOME_EXPECTED_FAILURE: failed, as it was expected to
 * @DAGSCHED_OUTCOME_UNEXPECTED_PASS: passed, but was expected to fail
 *
 * How a test, or one attempt of it, ended.
 *
 * Since: 1.0
 */
typedef enum
{
  DAGSCHED_OUTCOME_NONE,
  DAGSCHED_OUTCOME_PASSED,
  DAGSCHED_OUTCOME_FAILED,
  DAGSCHED_OUTCOME_TIMED_OUT,
  DAGSCHED_OUTCOME_ERRORED,
  DAGSCHED_OUTCOME_SKIPPED,
  DAGSCHED_OUTCOME_BLOCKED,
  DAGSCHED_OUTCOME_CANCELLED,
  DAGSCHED_OUTCOME_EXPECTED_FAILURE,
  DAGSCHED_OUTCOME_UNEXPECTED_PASS,
} DagschedOutcome;

/**
 * DAGSCHED_N_OUTCOMES:
 *
 * How many outcomes there are.
 *
 * Since: 1.0
 */
#define DAGSCHED_N_OUTCOMES (DAGSCHED_OUTCOME_UNEXPECTED_PASS + 1)

/**
 * DagschedFlags:
 * @DAGSCHED_FLAGS_NONE: nothing to add
 * @DAGSCHED_FLAGS_FLAKY: passed after a failed attempt
 * @DAGSCHED_FLAGS_LEAKED: left processes behind, which were killed
 * @DAGSCHED_FLAGS_TRUNCATED: its output was cut at its limit
 *
 * What there is to say beside an outcome.
 *
 * Since: 1.0
 */
typedef enum
{
  DAGSCHED_FLAGS_NONE = 0,
  DAGSCHED_FLAGS_FLAKY = 1 << 0,
  DAGSCHED_FLAGS_LEAKED = 1 << 1,
  DAGSCHED_FLAGS_TRUNCATED = 1 << 2,
} DagschedFlags;

/**
 * DagschedCondition:
 * @DAGSCHED_CONDITION_SUCCESS: the dependency must have succeeded, else the dependent is blocked
 * @DAGSCHED_CONDITION_ALWAYS: order only: the dependent runs whatever became of the dependency
 * @DAGSCHED_CONDITION_FAILURE: the dependency must have failed, else the dependent is skipped
 *
 * What a dependency requires of the test that it names.
 *
 * Since: 1.0
 */
typedef enum
{
  DAGSCHED_CONDITION_SUCCESS,
  DAGSCHED_CONDITION_ALWAYS,
  DAGSCHED_CONDITION_FAILURE,
} DagschedCondition;

/**
 * DagschedProtocol:
 * @DAGSCHED_PROTOCOL_EXITCODE: 0 passed, the skip code skipped, 99 errored, all else failed
 * @DAGSCHED_PROTOCOL_TAP: Test Anything Protocol, versions 12 to 14, on standard output
 * @DAGSCHED_PROTOCOL_GLIB: a GLib test program, run with `--tap`
 * @DAGSCHED_PROTOCOL_GTEST: a Google Test program
 * @DAGSCHED_PROTOCOL_RUST: a Rust test program: lines `test NAME ... ok`
 *
 * How a process says what became of its test.
 *
 * Since: 1.0
 */
typedef enum
{
  DAGSCHED_PROTOCOL_EXITCODE,
  DAGSCHED_PROTOCOL_TAP,
  DAGSCHED_PROTOCOL_GLIB,
  DAGSCHED_PROTOCOL_GTEST,
  DAGSCHED_PROTOCOL_RUST,
} DagschedProtocol;

/**
 * DagschedOrder:
 * @DAGSCHED_ORDER_AUTO: critical path where order matters (processes, priorities, known
 *   durations, requirements), else as the workers find them
 * @DAGSCHED_ORDER_CRITICAL_PATH: priority, then the longest remaining path (or the time for which
 *   something that the test needs will still be needed, if that is longer), then declaration
 * @DAGSCHED_ORDER_DECLARATION: priority, then declaration
 * @DAGSCHED_ORDER_LONGEST: priority, then the longest expected duration, then declaration
 * @DAGSCHED_ORDER_RANDOM: shuffled, by a seed
 *
 * Which of several ready tests starts first.
 *
 * Since: 1.0
 */
typedef enum
{
  DAGSCHED_ORDER_AUTO,
  DAGSCHED_ORDER_CRITICAL_PATH,
  DAGSCHED_ORDER_DECLARATION,
  DAGSCHED_ORDER_LONGEST,
  DAGSCHED_ORDER_RANDOM,
} DagschedOrder;

/**
 * DagschedWorkerState:
 * @DAGSCHED_WORKER_STATE_PARKED: has nothing to do and costs nothing
 * @DAGSCHED_WORKER_STATE_SEARCHING: looks for a ready test
 * @DAGSCHED_WORKER_STATE_RUNNING: carries out an attempt
 *
 * What a worker does.
 *
 * Since: 1.0
 */
typedef enum
{
  DAGSCHED_WORKER_STATE_PARKED,
  DAGSCHED_WORKER_STATE_SEARCHING,
  DAGSCHED_WORKER_STATE_RUNNING,
} DagschedWorkerState;

/**
 * DagschedVerdict:
 * @DAGSCHED_VERDICT_NONE: the run has not ended
 * @DAGSCHED_VERDICT_SUCCESS: no test failed, was blocked by a failure or cancelled
 * @DAGSCHED_VERDICT_FAILURE: a test failed, was blocked by a failure, or was cancelled
 * @DAGSCHED_VERDICT_INCOMPLETE: the run could not be completed: a stall, no executor left, a full disk
 *
 * What a run as a whole came to.
 *
 * Since: 1.0
 */
typedef enum
{
  DAGSCHED_VERDICT_NONE,
  DAGSCHED_VERDICT_SUCCESS,
  DAGSCHED_VERDICT_FAILURE,
  DAGSCHED_VERDICT_INCOMPLETE,
} DagschedVerdict;

DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_state_to_string (DagschedState state);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_outcome_to_string (DagschedOutcome outcome);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_outcome_from_string (const char *string, DagschedOutcome *outcome);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_outcome_is_success (DagschedOutcome outcome);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_outcome_is_failure (DagschedOutcome outcome);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_condition_to_string (DagschedCondition condition);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_condition_from_string (const char *string, DagschedCondition *condition);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_limit_to_string (DagschedLimit limit);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_protocol_to_string (DagschedProtocol protocol);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_protocol_from_string (const char *string, DagschedProtocol *protocol);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_order_to_string (DagschedOrder order);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_order_from_string (const char *string, DagschedOrder *order);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_worker_state_to_string (DagschedWorkerState state);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_verdict_to_string (DagschedVerdict verdict);

G_END_DECLS
