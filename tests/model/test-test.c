/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "model/dagsched-attempt-private.h"
#include "model/dagsched-test-private.h"

#include "graph-text.h"

#include <signal.h>

static DagschedTest *
func_test_new (const char *name)
{
  return DAGSCHED_TEST (dagsched_func_test_new (name, graph_text_pass, NULL, NULL));
}

static void
count (gpointer object, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* A value that is not the default. */
static void
init_other_value (GValue *value, GParamSpec *pspec)
{
  static const char *const strv[] = { "A=one", "two", NULL };

  g_value_init (value, pspec->value_type);
  if (pspec->value_type == G_TYPE_STRV)
    g_value_set_boxed (value, strv);
  else if (pspec->value_type == G_TYPE_STRING)
    g_value_set_string (value, "other");
  else if (pspec->value_type == G_TYPE_BOOLEAN)
    g_value_set_boolean (value, TRUE);
  else if (pspec->value_type == G_TYPE_DOUBLE)
    g_value_set_double (value, 12.5);
  else if (pspec->value_type == G_TYPE_INT)
    g_value_set_int (value, 11);
  else if (pspec->value_type == G_TYPE_UINT)
    g_value_set_uint (value, 4);
  else if (pspec->value_type == G_TYPE_UINT64)
    g_value_set_uint64 (value, G_GUINT64_CONSTANT (1) << 40);
  else if (G_IS_PARAM_SPEC_ENUM (pspec))
    g_value_set_enum (value, 1);
  else
    g_error ("no value for property %s", pspec->name);
}

static void
assert_property (DagschedTest *test, GParamSpec *pspec, const GValue *expected)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, pspec->value_type);
  g_object_get_property (G_OBJECT (test), pspec->name, &value);
  if (pspec->value_type == G_TYPE_STRV)
    g_assert_cmpstrv (g_value_get_boxed (&value), g_value_get_boxed (expected));
  else if (g_param_values_cmp (pspec, &value, expected) != 0)
    g_error ("property %s is not what it was set to", pspec->name);
}

static void
check_setting (DagschedTest *test, GParamSpec *pspec)
{
  g_autofree char *signal = g_strconcat ("notify::", pspec->name, NULL);
  g_auto (GValue) value = G_VALUE_INIT, before = G_VALUE_INIT;
  g_autoptr (DagschedTest) copy = NULL;
  guint n_notified = 0;

  init_other_value (&value, pspec);
  g_value_init (&before, pspec->value_type);
  g_object_get_property (G_OBJECT (test), pspec->name, &before);
  if (pspec->value_type != G_TYPE_STRV)
    g_assert_true (g_param_value_defaults (pspec, &before));

  g_signal_connect (test, signal, G_CALLBACK (count), &n_notified);
  g_object_set_property (G_OBJECT (test), pspec->name, &before);
  g_assert_cmpuint (n_notified, ==, 0);
  g_object_set_property (G_OBJECT (test), pspec->name, &value);
  g_assert_cmpuint (n_notified, ==, 1);
  g_object_set_property (G_OBJECT (test), pspec->name, &value);
  g_assert_cmpuint (n_notified, ==, 1);
  assert_property (test, pspec, &value);

  copy = dagsched_test_copy (test, 7);
  assert_property (copy, pspec, &value);
  g_assert_cmpuint (dagsched_test_get_repetition (copy), ==, 7);

  g_object_set_property (G_OBJECT (test), pspec->name, &before);
  g_assert_cmpuint (n_notified, ==, 2);
  assert_property (test, pspec, &before);
  assert_property (copy, pspec, &value);
}

/* Each setting: its default, notified on change only, kept by copies. */
static void
check_settings (GType type)
{
  GObjectClass *klass = g_type_class_ref (type);
  guint n, n_checked = 0;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (klass, &n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (DagschedTest) test = g_object_new (type, "name", "one", NULL);

      if ((pspecs[i]->flags & G_PARAM_WRITABLE) == 0 || (pspecs[i]->flags & G_PARAM_CONSTRUCT_ONLY) != 0)
        continue;
      check_setting (test, pspecs[i]);
      n_checked++;
    }
  g_assert_cmpuint (n_checked, >=, 18);
  g_type_class_unref (klass);
}

static void
test_settings (void)
{
  check_settings (DAGSCHED_TYPE_FUNC_TEST);
}

static void
test_command_settings (void)
{
  const char *const argv[] = { "true", "--now", NULL };
  g_autoptr (DagschedCommandTest) test = dagsched_command_test_new ("one", argv);
  g_autoptr (DagschedTest) copy = dagsched_test_copy (DAGSCHED_TEST (test), 2);

  check_settings (DAGSCHED_TYPE_COMMAND_TEST);
  g_assert_cmpstrv (dagsched_command_test_get_argv (test), argv);
  g_assert_cmpstrv (dagsched_command_test_get_argv (DAGSCHED_COMMAND_TEST (copy)), argv);
  g_assert_cmpint (dagsched_command_test_get_skip_code (test), ==, 77);
  g_assert_cmpint (dagsched_command_test_get_stop_signal (test), ==, SIGTERM);
  g_assert_nonnull (dagsched_command_test_get_env (test));
  g_assert_null (dagsched_command_test_get_env (test)[0]);
}

static void
test_defaults (void)
{
  g_autoptr (DagschedTest) test = func_test_new ("one");

  g_assert_cmpstr (dagsched_test_get_name (test), ==, "one");
  g_assert_cmpuint (dagsched_test_get_repetition (test), ==, 0);
  g_assert_cmpfloat (dagsched_test_get_timeout (test), ==, 0);
  g_assert_cmpfloat (dagsched_test_get_grace (test), ==, 5);
  g_assert_cmpint (dagsched_test_get_retries (test), ==, -1);
  g_assert_cmpuint (dagsched_test_get_slots (test), ==, 1);
  g_assert_null (dagsched_test_get_suites (test)[0]);
  g_assert_null (dagsched_test_get_disabled (test));
  g_assert_cmpint (dagsched_test_get_state (test), ==, DAGSCHED_STATE_PENDING);
  g_assert_cmpint (dagsched_test_get_outcome (test), ==, DAGSCHED_OUTCOME_NONE);
}

static void
test_fixture (void)
{
  g_autoptr (DagschedTest) test = func_test_new ("one");

  dagsched_test_set_cleanup (test, "stop");
  g_assert_true (dagsched_test_get_fixture (test));
  dagsched_test_set_cleanup (test, NULL);
  g_assert_true (dagsched_test_get_fixture (test));
  dagsched_test_set_cleanup (test, "stop");
  dagsched_test_set_fixture (test, FALSE);
  g_assert_null (dagsched_test_get_cleanup (test));
}

static void
test_requirements (void)
{
  g_autoptr (DagschedTest) test = func_test_new ("one"), copy = NULL;
  const char *const both[] = { "gpu", "db", NULL }, *const one[] = { "db", NULL };
  g_auto (GStrv) names = NULL, copied = NULL;
  guint n;

  g_assert_null (dagsched_test_peek_requirements (test, &n));
  g_assert_cmpuint (n, ==, 0);
  dagsched_test_set_requirement (test, "gpu", 2);
  dagsched_test_set_requirement (test, "db", DAGSCHED_ALL);
  dagsched_test_set_requirement (test, "gpu", 1);
  copy = dagsched_test_copy (test, 2);
  dagsched_test_set_requirement (test, "gpu", 0);
  g_assert_cmpuint (dagsched_test_get_requirement (test, "gpu"), ==, 0);
  g_assert_cmpuint (dagsched_test_get_requirement (copy, "gpu"), ==, 1);
  g_assert_cmpuint (dagsched_test_get_requirement (test, "db"), ==, DAGSCHED_ALL);
  names = dagsched_test_list_requirements (test);
  g_assert_cmpstrv (names, one);
  copied = dagsched_test_list_requirements (copy);
  g_assert_cmpstrv (copied, both);
}

static void
test_groups (void)
{
  g_autoptr (DagschedTest) test = func_test_new ("one"), copy = NULL;
  const char *const one[] = { "phase", NULL };
  g_auto (GStrv) names = NULL;

  dagsched_test_set_group (test, "phase", "A");
  dagsched_test_set_group (test, "side", "left");
  dagsched_test_set_group (test, "phase", "B");
  copy = dagsched_test_copy (test, 2);
  dagsched_test_set_group (test, "side", NULL);
  g_assert_cmpstr (dagsched_test_get_group (test, "phase"), ==, "B");
  g_assert_null (dagsched_test_get_group (test, "side"));
  g_assert_cmpstr (dagsched_test_get_group (copy, "side"), ==, "left");
  names = dagsched_test_list_group_name_spaces (test);
  g_assert_cmpstrv (names, one);
}

static void
test_interned_strings (void)
{
  const char *const suites[] = { "project:unit", NULL };
  g_autoptr (DagschedTest) a = func_test_new ("a"), b = func_test_new ("b");

  dagsched_test_set_suites (a, suites);
  dagsched_test_set_suites (b, suites);
  g_assert_true (dagsched_test_get_suites (a)[0] == dagsched_test_get_suites (b)[0]);
}

static void
log_notify (DagschedTest *test, GParamSpec *pspec, GString *log)
{
  g_string_append_printf (log, "%s ", pspec->name);
}

static void
log_signal (DagschedTest *test, GString *log)
{
  g_string_append (log, "SIGNAL ");
}

static void
log_started (DagschedTest *test, guint worker, guint attempt, GString *log)
{
  g_string_append_printf (log, "STARTED %u %u ", worker, attempt);
}

static void
assert_log (GString *log, const char *expected)
{
  g_assert_cmpstr (log->str, ==, expected);
  g_string_truncate (log, 0);
}

static void
test_life (void)
{
  g_autoptr (DagschedTest) test = func_test_new ("one"), other = func_test_new ("other");
  g_autoptr (GString) log = g_string_new (NULL);
  const DagschedTestEnd end = { .outcome = DAGSCHED_OUTCOME_BLOCKED,
                                .flags = DAGSCHED_FLAGS_LEAKED,
                                .reason = "why",
                                .n_attempts = 1,
                                .duration = 2.5,
                                .blocked_by = other };

  g_signal_connect (test, "notify", G_CALLBACK (log_notify), log);
  g_signal_connect (test, "ready", G_CALLBACK (log_signal), log);
  g_signal_connect (test, "started", G_CALLBACK (log_started), log);
  g_signal_connect (test, "finished", G_CALLBACK (log_signal), log);

  dagsched_test_reset (test);
  assert_log (log, "");
  dagsched_test_become_ready (test);
  assert_log (log, "state SIGNAL ");
  dagsched_test_become_started (test, 3, 1);
  assert_log (log, "state n-attempts STARTED 3 1 ");
  dagsched_test_become_finished (test, &end);
  assert_log (log, "state outcome flags reason duration blocked-by SIGNAL ");
  g_assert_cmpint (dagsched_test_get_state (test), ==, DAGSCHED_STATE_FINISHED);
  g_assert_cmpint (dagsched_test_get_outcome (test), ==, DAGSCHED_OUTCOME_BLOCKED);
  g_assert_cmpint (dagsched_test_get_flags (test), ==, DAGSCHED_FLAGS_LEAKED);
  g_assert_cmpstr (dagsched_test_get_reason (test), ==, "why");
  g_assert_cmpuint (dagsched_test_get_n_attempts (test), ==, 1);
  g_assert_cmpfloat (dagsched_test_get_duration (test), ==, 2.5);
  g_assert_true (dagsched_test_get_blocked_by (test) == other);
  dagsched_test_reset (test);
  assert_log (log, "state outcome flags reason n-attempts duration blocked-by ");
  g_assert_null (dagsched_test_get_reason (test));
}

static void
assert_outcome (DagschedTest *test, GParamSpec *pspec, gpointer user_data)
{
  g_assert_cmpint (dagsched_test_get_outcome (test), ==, DAGSCHED_OUTCOME_FAILED);
  g_assert_cmpint (dagsched_test_get_state (test), ==, DAGSCHED_STATE_FINISHED);
  g_assert_cmpstr (dagsched_test_get_reason (test), ==, "why");
  (*(guint *) user_data)++;
}

/* Whoever watches one property sees the others as they are now. */
static void
test_consistent (void)
{
  g_autoptr (DagschedTest) test = func_test_new ("one");
  const DagschedTestEnd end = { .outcome = DAGSCHED_OUTCOME_FAILED, .reason = "why" };
  guint n = 0;

  g_signal_connect (test, "notify", G_CALLBACK (assert_outcome), &n);
  dagsched_test_become_finished (test, &end);
  g_assert_cmpuint (n, ==, 3);
}

static gpointer
ask_from_thread (gpointer test)
{
  return GINT_TO_POINTER (dagsched_test_wants_output (test));
}

static void
log_output (DagschedTest *test, GBytes *bytes, GString *log)
{
  g_string_append_len (log, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_output (void)
{
  g_autoptr (DagschedTest) test = func_test_new ("one");
  g_autoptr (GString) all = g_string_new (NULL), errors = g_string_new (NULL);
  g_autoptr (GBytes) out = g_bytes_new ("out ", 4), err = g_bytes_new ("err ", 4);
  gulong id;

  g_assert_false (dagsched_test_wants_output (test));
  dagsched_test_output (test, out, 2, FALSE);
  g_assert_cmpuint (dagsched_test_get_n_written (test, TRUE), ==, 0);
  id = g_signal_connect (test, "output::standard-error", G_CALLBACK (log_output), errors);
  g_assert_true (dagsched_test_wants_output (test));
  g_assert_true (GPOINTER_TO_INT (g_thread_join (g_thread_new ("asks", ask_from_thread, test))));
  dagsched_test_output (test, out, 2, FALSE);
  dagsched_test_output (test, err, 7, TRUE);
  assert_log (errors, "err ");
  g_assert_cmpuint (dagsched_test_get_n_written (test, TRUE), ==, 7);
  g_assert_cmpuint (dagsched_test_get_n_written (test, FALSE), ==, 0);
  g_signal_handler_disconnect (test, id);
  g_assert_false (dagsched_test_wants_output (test));

  g_signal_connect (test, "output", G_CALLBACK (log_output), all);
  g_assert_true (dagsched_test_wants_output (test));
  dagsched_test_output (test, out, 2, FALSE);
  dagsched_test_output (test, err, 7, TRUE);
  assert_log (all, "out err ");
}

static void
log_attempt (DagschedTest *test, DagschedAttempt *attempt, GString *log)
{
  g_string_append_printf (log, "%u:%s ", dagsched_attempt_get_number (attempt),
                          dagsched_attempt_get_reason (attempt));
}

static void
log_dependency (DagschedTest *test, DagschedTest *dependency, GString *log)
{
  g_string_append_printf (log, "%s ", dagsched_test_get_name (dependency));
}

/* Nobody is there: nothing holds the objects that would be emitted. */
static void
test_unheard (void)
{
  g_autoptr (DagschedTest) test = func_test_new ("one"), other = func_test_new ("other");
  g_autoptr (GString) log = g_string_new (NULL);
  DagschedResult result = DAGSCHED_RESULT_INIT;
  g_autoptr (DagschedAttempt) attempt = NULL;

  result.reason = g_strdup ("why");
  attempt = dagsched_attempt_new (2, 0, DAGSCHED_OUTCOME_FAILED, 1, 2, TRUE, &result);
  g_assert_false (dagsched_test_wants_attempts (test));
  dagsched_test_attempt_finished (test, attempt);
  dagsched_test_dependency_finished (test, other);

  g_signal_connect (test, "attempt-finished", G_CALLBACK (log_attempt), log);
  g_signal_connect (test, "dependency-finished", G_CALLBACK (log_dependency), log);
  g_assert_true (dagsched_test_wants_attempts (test));
  dagsched_test_attempt_finished (test, attempt);
  dagsched_test_dependency_finished (test, other);
  assert_log (log, "2:why other ");
  g_assert_cmpint (G_OBJECT (attempt)->ref_count, ==, 1);
}

static void
test_attempt (void)
{
  DagschedResult result = DAGSCHED_RESULT_INIT;
  g_autoptr (DagschedAttempt) attempt = NULL;
  g_autoptr (GBytes) out = NULL;
  g_autofree char *reason = NULL;
  double start_time;
  int exit_status, term_signal;

  result.flags = DAGSCHED_FLAGS_TRUNCATED;
  result.term_signal = 11;
  result.reason = g_strdup ("killed by SIGSEGV");
  result.standard_output = g_bytes_new ("x", 1);
  result.artifacts = g_strdup ("/tmp/x");
  attempt = dagsched_attempt_new (3, 5, DAGSCHED_OUTCOME_EXPECTED_FAILURE, 1.5, 2.5, TRUE, &result);
  g_assert_null (result.reason);
  g_assert_null (result.standard_output);

  g_object_get (attempt, "reason", &reason, "start-time", &start_time, "exit-status", &exit_status,
                "term-signal", &term_signal, "standard-output", &out, NULL);
  g_assert_cmpstr (reason, ==, "killed by SIGSEGV");
  g_assert_cmpfloat (start_time, ==, 1.5);
  g_assert_cmpint (exit_status, ==, -1);
  g_assert_cmpint (term_signal, ==, 11);
  g_assert_cmpuint (g_bytes_get_size (out), ==, 1);
  g_assert_cmpuint (dagsched_attempt_get_number (attempt), ==, 3);
  g_assert_cmpuint (dagsched_attempt_get_worker (attempt), ==, 5);
  g_assert_cmpint (dagsched_attempt_get_outcome (attempt), ==, DAGSCHED_OUTCOME_EXPECTED_FAILURE);
  g_assert_cmpint (dagsched_attempt_get_flags (attempt), ==, DAGSCHED_FLAGS_TRUNCATED);
  g_assert_cmpfloat (dagsched_attempt_get_duration (attempt), ==, 2.5);
  g_assert_cmpstr (dagsched_attempt_get_artifacts (attempt), ==, "/tmp/x");
  g_assert_null (dagsched_attempt_get_standard_error (attempt));
}

static DagschedOutcome
add_one (DagschedFuncTest *test, GCancellable *cancellable, gpointer user_data, GError **error)
{
  (*(guint *) user_data)++;

  return DAGSCHED_OUTCOME_SKIPPED;
}

static void
forget (gpointer user_data)
{
  *(guint *) user_data += 100;
}

static void
test_func (void)
{
  guint data = 0;
  DagschedTest *test = DAGSCHED_TEST (dagsched_func_test_new ("one", add_one, &data, forget));
  DagschedTest *copy = dagsched_test_copy (test, 2);
  g_autoptr (DagschedTest) none = g_object_new (DAGSCHED_TYPE_FUNC_TEST, "name", "none", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (DAGSCHED_TEST_GET_CLASS (test)->run (test, NULL, NULL), ==, DAGSCHED_OUTCOME_SKIPPED);
  g_object_unref (test);
  g_assert_cmpuint (data, ==, 1);
  g_assert_cmpint (DAGSCHED_TEST_GET_CLASS (copy)->run (copy, NULL, NULL), ==, DAGSCHED_OUTCOME_SKIPPED);
  g_object_unref (copy);
  g_assert_cmpuint (data, ==, 102);

  g_assert_cmpint (DAGSCHED_TEST_GET_CLASS (none)->run (none, NULL, &error), ==, DAGSCHED_OUTCOME_ERRORED);
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/test/defaults", test_defaults);
  g_test_add_func ("/test/settings", test_settings);
  g_test_add_func ("/test/command-settings", test_command_settings);
  g_test_add_func ("/test/fixture", test_fixture);
  g_test_add_func ("/test/requirements", test_requirements);
  g_test_add_func ("/test/groups", test_groups);
  g_test_add_func ("/test/interned-strings", test_interned_strings);
  g_test_add_func ("/test/life", test_life);
  g_test_add_func ("/test/consistent", test_consistent);
  g_test_add_func ("/test/output", test_output);
  g_test_add_func ("/test/unheard", test_unheard);
  g_test_add_func ("/test/attempt", test_attempt);
  g_test_add_func ("/test/func", test_func);

  return g_test_run ();
}
