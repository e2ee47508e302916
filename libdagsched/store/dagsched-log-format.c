/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-log-format-private.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "model/dagsched-command-test.h"
#include "model/dagsched-test-private.h"
#include "store/dagsched-json-line-private.h"

static const char *const flag_names[DAGSCHED_LOG_N_FLAGS] = { "flaky", "leaked", "truncated" };

const char *
dagsched_log_flag_to_string (guint bit)
{
  g_assert (bit < DAGSCHED_LOG_N_FLAGS);

  return flag_names[bit];
}

gboolean
dagsched_log_is_header (const char *data, gsize length)
{
  static const char start[] = "{\"dagsched-log\":";

  return length >= sizeof start - 1 && memcmp (data, start, sizeof start - 1) == 0;
}

static void
end_line (GString *line)
{
  dagsched_json_close (line, '}');
  g_string_append_c (line, '\n');
}

static void
add_optional_text (GString *line, const char *key, const char *text)
{
  if (text != NULL)
    dagsched_json_add_text (line, key, text);
}

static void
add_optional_list (GString *line, const char *key, const char *const *texts)
{
  if (texts != NULL && texts[0] != NULL)
    dagsched_json_add_list (line, key, texts);
}

static void
add_unless (GString *line, const char *key, gint64 value, gint64 usual)
{
  if (value != usual)
    dagsched_json_add_int (line, key, value);
}

static void
add_double_unless (GString *line, const char *key, double value, double usual)
{
  if (value != usual)
    dagsched_json_add_double (line, key, value);
}

static void
add_if (GString *line, const char *key, gboolean value)
{
  if (value)
    dagsched_json_add_true (line, key);
}

static void
add_options (GString *line, const DagschedOptionsView *options)
{
  dagsched_json_open (line, "options", '{');
  dagsched_json_add_text (line, "order", dagsched_order_to_string (options->order));
  if (options->order == DAGSCHED_ORDER_RANDOM)
    dagsched_json_add_int (line, "seed", (gint64) options->seed);
  add_unless (line, "max-failures", options->max_failures, 0);
  add_unless (line, "repeat", options->repeat, 1);
  add_unless (line, "retries", options->retries, 0);
  add_double_unless (line, "timeout-multiplier", options->timeout_multiplier, 1.0);
  add_double_unless (line, "max-time", options->max_time, 0.0);
  add_if (line, "flaky-fails", options->flaky_fails);
  add_optional_list (line, "wrapper", (const char *const *) options->wrapper);
  add_optional_text (line, "artifacts-dir", options->artifacts_dir);
  dagsched_json_close (line, '}');
}

static void
add_time_of_day (GString *line, const char *key, gint64 time_us)
{
  g_autoptr (GDateTime) second = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (second, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *whole = g_strdup_printf ("%s.%06dZ", text, (int) (time_us % G_USEC_PER_SEC));

  dagsched_json_add_text (line, key, whole);
}

void
dagsched_log_format_header (GString *line, const DagschedLogHeader *header)
{
  dagsched_json_open (line, NULL, '{');
  dagsched_json_add_int (line, "dagsched-log", DAGSCHED_LOG_VERSION);
  dagsched_json_add_text (line, "version", DAGSCHED_VERSION);
  add_optional_text (line, "name", header->name);
  dagsched_json_add_text (line, "host", g_get_host_name ());
  dagsched_json_add_int (line, "pid", getpid ());
  add_time_of_day (line, "started-at", header->started_at);
  dagsched_json_add_int (line, "n-tests", header->n_tests);
  dagsched_json_add_int (line, "n-workers", header->n_workers);
  add_unless (line, "n-earlier", header->n_earlier, 0);
  if (header->options != NULL)
    add_options (line, header->options);
  end_line (line);
}

static void
add_dependencies (GString *line, const DagschedPlanView *plan, guint32 number)
{
  guint32 first = plan->first_dependency[number], after = plan->first_dependency[number + 1];

  if (first == after)
    return;

  dagsched_json_open (line, "depends", '[');
  for (guint32 i = first; i < after; i++)
    {
      guint32 packed = plan->dependencies[i];

      dagsched_json_open (line, NULL, '[');
      dagsched_json_add_int (line, NULL, DAGSCHED_DEPENDENT_NUMBER (packed));
      dagsched_json_add_text (line, NULL,
                              dagsched_condition_to_string (DAGSCHED_DEPENDENT_CONDITION (packed)));
      dagsched_json_close (line, ']');
    }
  dagsched_json_close (line, ']');
}

static void
add_amount (GString *line, const char *key, guint amount)
{
  if (amount == DAGSCHED_ALL)
    dagsched_json_add_text (line, key, "all");
  else
    dagsched_json_add_int (line, key, amount);
}

/* Names of resources and groups are keys in the manifest; here they are values, as a key can't have
 * every name. */
static void
add_requirements (GString *line, DagschedTest *test)
{
  guint n_requirements, n_groups;
  const DagschedRequirement *requirements = dagsched_test_peek_requirements (test, &n_requirements);
  const DagschedGroup *groups = dagsched_test_peek_groups (test, &n_groups);

  if (n_requirements > 0)
    dagsched_json_open (line, "resources", '[');
  for (guint i = 0; i < n_requirements; i++)
    {
      dagsched_json_open (line, NULL, '[');
      dagsched_json_add_text (line, NULL, requirements[i].name);
      add_amount (line, NULL, requirements[i].amount);
      dagsched_json_close (line, ']');
    }
  if (n_requirements > 0)
    dagsched_json_close (line, ']');

  if (n_groups > 0)
    dagsched_json_open (line, "groups", '[');
  for (guint i = 0; i < n_groups; i++)
    {
      const char *const pair[] = { groups[i].name_space, groups[i].group, NULL };

      dagsched_json_add_list (line, NULL, pair);
    }
  if (n_groups > 0)
    dagsched_json_close (line, ']');
}

static void
add_settings (GString *line, DagschedTest *test)
{
  add_unless (line, "repetition", dagsched_test_get_repetition (test), 0);
  add_optional_text (line, "origin", dagsched_test_get_origin (test));
  add_optional_list (line, "suites", dagsched_test_get_suites (test));
  add_optional_list (line, "labels", dagsched_test_get_labels (test));
  add_unless (line, "priority", dagsched_test_get_priority (test), 0);
  add_double_unless (line, "timeout", dagsched_test_get_timeout (test), 0);
  add_double_unless (line, "grace", dagsched_test_get_grace (test), 5);
  add_double_unless (line, "slow-after", dagsched_test_get_slow_after (test), 0);
  add_unless (line, "retries", dagsched_test_get_retries (test), -1);
  add_double_unless (line, "retry-delay", dagsched_test_get_retry_delay (test), 0);
  if (dagsched_test_get_slots (test) != 1)
    add_amount (line, "slots", dagsched_test_get_slots (test));
  add_if (line, "exclusive", dagsched_test_get_exclusive (test));
  add_if (line, "expected-failure", dagsched_test_get_expected_failure (test));
  add_optional_text (line, "disabled", dagsched_test_get_disabled (test));
  add_optional_text (line, "defect", dagsched_test_get_defect (test));
  add_double_unless (line, "weight", dagsched_test_get_weight (test), 0);
  if (dagsched_test_get_expected_duration (test) > 0)
    dagsched_json_add_seconds (line, "expected-duration", dagsched_test_get_expected_duration (test) * 1e9);
  add_if (line, "fixture", dagsched_test_get_fixture (test));
  add_optional_text (line, "cleanup", dagsched_test_get_cleanup (test));
  add_requirements (line, test);
}

static void
add_command (GString *line, DagschedCommandTest *test)
{
  DagschedProtocol protocol = dagsched_command_test_get_protocol (test);

  dagsched_json_add_list (line, "command", dagsched_command_test_get_argv (test));
  add_optional_list (line, "env", dagsched_command_test_get_env (test));
  add_optional_list (line, "unset-env", dagsched_command_test_get_unset_env (test));
  add_optional_text (line, "workdir", dagsched_command_test_get_workdir (test));
  if (protocol != DAGSCHED_PROTOCOL_EXITCODE)
    dagsched_json_add_text (line, "protocol", dagsched_protocol_to_string (protocol));
  add_unless (line, "skip-code", dagsched_command_test_get_skip_code (test), 77);
  add_unless (line, "stop-signal", dagsched_command_test_get_stop_signal (test), SIGTERM);
  add_unless (line, "output-limit", (gint64) dagsched_command_test_get_output_limit (test), 0);
  for (guint i = 0; i < DAGSCHED_N_LIMITS; i++)
    add_unless (line, dagsched_limit_to_string (i), (gint64) dagsched_command_test_get_limit (test, i), 0);
}

static void
begin_test (GString *line, guint32 number, DagschedTest *test)
{
  dagsched_json_open (line, NULL, '{');
  dagsched_json_add_int (line, "test", number);
  dagsched_json_add_text (line, "name", dagsched_test_get_name (test));
}

static void
end_test (GString *line, DagschedTest *test)
{
  add_settings (line, test);
  if (DAGSCHED_IS_COMMAND_TEST (test))
    add_command (line, DAGSCHED_COMMAND_TEST (test));
  end_line (line);
}

void
dagsched_log_format_test (GString *line, const DagschedPlanView *plan, guint32 number)
{
  begin_test (line, number, plan->tests[number]);
  add_dependencies (line, plan, number);
  end_test (line, plan->tests[number]);
}

void
dagsched_log_format_settings (GString *line, guint32 number, DagschedTest *test)
{
  begin_test (line, number, test);
  end_test (line, test);
}

static void
begin_event (GString *line, const char *event, guint32 test, gint64 time_ns)
{
  dagsched_json_open (line, NULL, '{');
  dagsched_json_add_text (line, "event", event);
  dagsched_json_add_int (line, "test", test);
  dagsched_json_add_seconds (line, "time", time_ns);
}

void
dagsched_log_format_started (GString *line, const DagschedTicket *ticket, gint64 time_ns)
{
  begin_event (line, "started", ticket->test, time_ns);
  dagsched_json_add_int (line, "attempt", ticket->attempt);
  dagsched_json_add_int (line, "worker", ticket->lane);
  end_line (line);
}

static void
add_flags (GString *line, DagschedFlags flags)
{
  if (flags == DAGSCHED_FLAGS_NONE)
    return;

  dagsched_json_open (line, "flags", '[');
  for (guint i = 0; i < DAGSCHED_LOG_N_FLAGS; i++)
    {
      if (flags & (1u << i))
        dagsched_json_add_text (line, NULL, flag_names[i]);
    }
  dagsched_json_close (line, ']');
}

static void
add_output (GString *line, const char *key, GBytes *output)
{
  gsize length;
  const char *data;

  if (output == NULL || g_bytes_get_size (output) == 0)
    return;

  data = g_bytes_get_data (output, &length);
  dagsched_json_add_bytes (line, key, data, length);
}

static void
add_result (GString *line, const DagschedResult *result)
{
  add_flags (line, result->flags);
  add_unless (line, "exit-status", result->exit_status, -1);
  add_unless (line, "signal", result->term_signal, 0);
  add_optional_text (line, "reason", result->reason);
  add_if (line, "lost", result->lost);
  add_optional_text (line, "artifacts", result->artifacts);
  add_output (line, "stdout", result->standard_output);
  add_output (line, "stderr", result->standard_error);
}

void
dagsched_log_format_attempt (GString *line, const DagschedAttemptRecord *record)
{
  begin_event (line, "attempt", record->test, record->end_ns);
  dagsched_json_add_int (line, "attempt", record->attempt);
  if (record->lane != DAGSCHED_NO_WORKER)
    dagsched_json_add_int (line, "worker", record->lane);
  dagsched_json_add_text (line, "outcome", dagsched_outcome_to_string (record->outcome));
  dagsched_json_add_seconds (line, "start", record->start_ns);
  dagsched_json_add_seconds (line, "duration", MAX (record->end_ns - record->start_ns, 0));
  add_if (line, "will-retry", record->will_retry);
  add_result (line, record->result);
  end_line (line);
}

void
dagsched_log_format_finished (GString *line, const DagschedFinishedRecord *record)
{
  begin_event (line, "finished", record->test, record->time_ns);
  dagsched_json_add_text (line, "outcome", dagsched_outcome_to_string (record->outcome));
  dagsched_json_add_int (line, "attempts", record->n_attempts);
  add_flags (line, record->flags);
  if (record->blocked_by != DAGSCHED_NO_TEST)
    dagsched_json_add_int (line, "blocked-by", record->blocked_by);
  add_optional_text (line, "reason", record->reason);
  end_line (line);
}

void
dagsched_log_format_pause (GString *line, gint64 time_ns, gint64 paused_ns)
{
  dagsched_json_open (line, NULL, '{');
  dagsched_json_add_text (line, "event", paused_ns < 0 ? "paused" : "resumed");
  dagsched_json_add_seconds (line, "time", time_ns);
  if (paused_ns >= 0)
    dagsched_json_add_seconds (line, "duration", paused_ns);
  end_line (line);
}

void
dagsched_log_format_end (GString *line, const DagschedLogEnd *end)
{
  dagsched_json_open (line, NULL, '{');
  dagsched_json_add_text (line, "event", "end");
  dagsched_json_add_seconds (line, "time", end->time_ns);
  dagsched_json_add_text (line, "verdict", dagsched_verdict_to_string (end->verdict));
  add_optional_text (line, "problem", end->problem);
  dagsched_json_open (line, "counts", '{');
  for (guint i = DAGSCHED_OUTCOME_PASSED; i < DAGSCHED_N_OUTCOMES; i++)
    add_unless (line, dagsched_outcome_to_string (i), end->counts[i], 0);
  dagsched_json_close (line, '}');
  end_line (line);
}
