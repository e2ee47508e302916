/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-run.h"

#include <string.h>

#include "model/dagsched-attempt-private.h"

struct _FakeRun
{
  GObject parent_instance;

  char *name;
  GListStore *tests;
  GListStore *workers;
  GHashTable *attempts; /* DagschedTest → GPtrArray of DagschedAttempt */
  double elapsed;
  DagschedVerdict verdict;
  char *problem;
  guint n_finished;
};

static void fake_run_iface_init (DagschedRunInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeRun,
                               fake_run,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DAGSCHED_TYPE_RUN, fake_run_iface_init))

static GListModel *
fake_run_get_tests (DagschedRun *run)
{
  return G_LIST_MODEL (FAKE_RUN (run)->tests);
}

static GListModel *
fake_run_get_workers (DagschedRun *run)
{
  return G_LIST_MODEL (FAKE_RUN (run)->workers);
}

static GPtrArray *
fake_run_dup_attempts (DagschedRun *run, DagschedTest *test)
{
  GPtrArray *attempts = g_hash_table_lookup (FAKE_RUN (run)->attempts, test);

  if (attempts == NULL)
    return g_ptr_array_new_with_free_func (g_object_unref);

  return g_ptr_array_copy (attempts, (GCopyFunc) g_object_ref, NULL);
}

static const char *
fake_run_get_name (DagschedRun *run)
{
  return FAKE_RUN (run)->name;
}

static gint64
fake_run_get_started_at (DagschedRun *run)
{
  return G_GINT64_CONSTANT (1767225600) * G_USEC_PER_SEC;
}

static double
fake_run_get_elapsed (DagschedRun *run)
{
  return FAKE_RUN (run)->elapsed;
}

static guint
count_tests (FakeRun *self, int state, int outcome)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tests)); i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (self->tests), i);

      n += (state < 0 || (int) dagsched_test_get_state (test) == state) &&
           (outcome < 0 || (int) dagsched_test_get_outcome (test) == outcome);
    }

  return n;
}

static guint
fake_run_get_n_in_state (DagschedRun *run, DagschedState state)
{
  return count_tests (FAKE_RUN (run), state, -1);
}

static guint
fake_run_get_n_with_outcome (DagschedRun *run, DagschedOutcome outcome)
{
  return count_tests (FAKE_RUN (run), -1, outcome);
}

static DagschedVerdict
fake_run_get_verdict (DagschedRun *run)
{
  return FAKE_RUN (run)->verdict;
}

static const char *
fake_run_get_problem (DagschedRun *run)
{
  return FAKE_RUN (run)->problem;
}

static void
fake_run_iface_init (DagschedRunInterface *iface)
{
  iface->get_tests = fake_run_get_tests;
  iface->get_workers = fake_run_get_workers;
  iface->dup_attempts = fake_run_dup_attempts;
  iface->get_name = fake_run_get_name;
  iface->get_started_at = fake_run_get_started_at;
  iface->get_elapsed = fake_run_get_elapsed;
  iface->get_n_in_state = fake_run_get_n_in_state;
  iface->get_n_with_outcome = fake_run_get_n_with_outcome;
  iface->get_verdict = fake_run_get_verdict;
  iface->get_problem = fake_run_get_problem;
}

static void
fake_run_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (!dagsched_run_get_interface_property (DAGSCHED_RUN (object), 1, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
fake_run_finalize (GObject *object)
{
  FakeRun *self = FAKE_RUN (object);

  g_hash_table_unref (self->attempts);
  g_object_unref (self->tests);
  g_object_unref (self->workers);
  g_free (self->name);
  g_free (self->problem);

  G_OBJECT_CLASS (fake_run_parent_class)->finalize (object);
}

static void
fake_run_class_init (FakeRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = fake_run_finalize;
  object_class->get_property = fake_run_get_property;
  dagsched_run_override_properties (object_class, 1);
}

static void
fake_run_init (FakeRun *self)
{
  self->tests = g_list_store_new (DAGSCHED_TYPE_TEST);
  self->workers = g_list_store_new (DAGSCHED_TYPE_WORKER);
  self->attempts = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
}

FakeRun *
fake_run_new (const char *name)
{
  FakeRun *self = g_object_new (FAKE_TYPE_RUN, NULL);

  self->name = g_strdup (name);

  return self;
}

DagschedTest *
fake_run_add (FakeRun *self, const char *name, const char *suite)
{
  const char *const argv[] = { "true", NULL };
  const char *const suites[] = { suite, NULL };
  g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_command_test_new (name, argv));

  if (suite != NULL)
    dagsched_test_set_suites (test, suites);
  dagsched_test_reset (test);
  g_list_store_append (self->tests, test);

  return test;
}

void
fake_run_start (FakeRun *self, DagschedTest *test, guint attempt)
{
  dagsched_test_become_ready (test);
  dagsched_test_become_started (test, 0, attempt);
  dagsched_run_emit_test_started (DAGSCHED_RUN (self), test, 0, attempt);
}

static GBytes *
make_bytes (const char *text, gssize length)
{
  return text == NULL ? NULL : g_bytes_new (text, length > 0 ? (gsize) length : strlen (text));
}

static guint
record (FakeRun *self, DagschedTest *test, const FakeAttempt *attempt, gboolean will_retry)
{
  GPtrArray *attempts = g_hash_table_lookup (self->attempts, test);
  DagschedResult result = DAGSCHED_RESULT_INIT;
  DagschedAttempt *made;

  if (attempts == NULL)
    {
      attempts = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (self->attempts, test, attempts);
    }
  result.outcome = attempt->outcome;
  result.reason = g_strdup (attempt->reason);
  result.standard_output = make_bytes (attempt->standard_output, attempt->output_length);
  result.standard_error = make_bytes (attempt->standard_error, -1);
  result.artifacts = g_strdup (attempt->artifacts);
  made = dagsched_attempt_new (attempts->len + 1, 0, attempt->outcome, 0.25, attempt->duration, will_retry,
                               &result);
  dagsched_result_clear (&result);
  g_ptr_array_add (attempts, made);
  dagsched_run_emit_attempt_finished (DAGSCHED_RUN (self), test, made);

  return attempts->len;
}

void
fake_run_attempt (FakeRun *self, DagschedTest *test, const FakeAttempt *attempt)
{
  record (self, test, attempt, TRUE);
  dagsched_test_become_ready (test);
}

void
fake_run_finish (FakeRun *self, DagschedTest *test, const FakeAttempt *attempt, DagschedFlags flags)
{
  guint n_attempts = record (self, test, attempt, FALSE);
  DagschedTestEnd end = {
    .outcome = attempt->outcome,
    .flags = flags,
    .reason = attempt->reason,
    .n_attempts = n_attempts,
    .duration = attempt->duration,
  };

  dagsched_test_become_finished (test, &end);
  dagsched_run_emit_test_finished (DAGSCHED_RUN (self), test);
}

void
fake_run_drop (FakeRun *self,
               DagschedTest *test,
               DagschedOutcome outcome,
               const char *reason,
               DagschedTest *blocked_by)
{
  DagschedTestEnd end = { .outcome = outcome, .reason = reason, .blocked_by = blocked_by };

  dagsched_test_become_finished (test, &end);
  dagsched_run_emit_test_finished (DAGSCHED_RUN (self), test);
}

void
fake_run_end (FakeRun *self, DagschedVerdict verdict, const char *problem, double elapsed)
{
  self->verdict = verdict;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  self->elapsed = elapsed;
  dagsched_run_emit_finished (DAGSCHED_RUN (self));
}

/* Position in fake_run_new_of_everything(). */
enum
{
  START,
  QUERY,
  UPLOAD,
  SLOW,
  MISSING,
  DISABLED,
  AFTER_DISABLED,
  DUMP,
  LIST,
  PURGE,
  KNOWN,
  SURPRISE,
  CUT,
  NEVER,
  HOSTILE,
  LONG_OUTPUT,
  N_EVERYTHING
};

static const struct
{
  const char *name;
  const char *suite;
} everything[N_EVERYTHING] = {
  [START] = { "db/start", "db" },
  [QUERY] = { "db/query", "db" },
  [UPLOAD] = { "api/upload", "api" },
  [SLOW] = { "api/slow", "api" },
  [MISSING] = { "api/missing", "api" },
  [DISABLED] = { "api/disabled", "api" },
  [AFTER_DISABLED] = { "api/after-disabled", "api" },
  [DUMP] = { "api/dump", "api" },
  [LIST] = { "api/list", "api" },
  [PURGE] = { "api/purge", "api" },
  [KNOWN] = { "api/known", "api" },
  [SURPRISE] = { "api/surprise", "api" },
  [CUT] = { "cut", NULL },
  [NEVER] = { "never", NULL },
  [HOSTILE] = { "we<i>rd & \"x\" #1 \\ \n\033[31m\xe2\x80\xaegnp \xe6\x97\xa5\xe6\x9c\xac", NULL },
  [LONG_OUTPUT] = { "long output", NULL },
};

FakeRun *
fake_run_new_of_everything (void)
{
  const char *const labels[] = { "smoke", "quick", NULL };
  FakeRun *self = fake_run_new ("demo");
  DagschedTest *start = NULL;

  for (guint i = 0; i < N_EVERYTHING; i++)
    {
      DagschedTest *test = fake_run_add (self, everything[i].name, everything[i].suite);

      start = i == START ? test : start;
    }
  dagsched_test_set_labels (start, labels);
  dagsched_test_set_origin (start, "demo.json: tests[0]");

  return self;
}

static char *
make_long_output (void)
{
  GString *text = g_string_new (NULL);

  for (guint i = 1; i <= 100; i++)
    g_string_append_printf (text, "line %u\n", i);

  return g_string_free (text, FALSE);
}

static const char hostile_output[] =
  "\033[1;31mred\033[0m ]]> <b> & \0 \xff\xfe \033]0;title\a\033[2J end\r\n"
  "10%\r20%\r\n"
  "  ...\n"
  "tab\there \xe2\x80\xae \xc2\x9b"
  "31m \xef\xbf\xbf no newline";

void
fake_run_carry_out_everything (FakeRun *self)
{
  DagschedTest *t[N_EVERYTHING];
  g_autofree char *long_output = make_long_output ();
  const FakeAttempt passed = { DAGSCHED_OUTCOME_PASSED, 0.125, .standard_output = "fine\n" };
  const FakeAttempt failed = {
    DAGSCHED_OUTCOME_FAILED, 1.5, "exited with status 1", "out 1\n", -1, "err 1\n"
  };
  const FakeAttempt again = { DAGSCHED_OUTCOME_FAILED,    2.25, "killed by SIGSEGV", "out 2\n", -1, "err 2\n",
                              "/tmp/artifacts/api upload" };
  const FakeAttempt timed_out = { DAGSCHED_OUTCOME_TIMED_OUT, 10, "did not end within 10 s" };
  const FakeAttempt errored = { DAGSCHED_OUTCOME_ERRORED, 0, "./missing: no such program" };
  const FakeAttempt known = { DAGSCHED_OUTCOME_EXPECTED_FAILURE, 0.5, "exited with status 3" };
  const FakeAttempt surprise = { DAGSCHED_OUTCOME_UNEXPECTED_PASS, 0.5, "was expected to fail" };
  const FakeAttempt cut = { DAGSCHED_OUTCOME_CANCELLED, 3, "interrupted by SIGINT", "working…\n" };
  const FakeAttempt hostile = { DAGSCHED_OUTCOME_FAILED, 0.01, "bad: \033[2J\n# ]]>", hostile_output,
                                sizeof hostile_output - 1 };
  const FakeAttempt wordy = { DAGSCHED_OUTCOME_FAILED, 0.02, "exited with status 2", long_output };

  for (guint i = 0; i < N_EVERYTHING; i++)
    {
      t[i] = g_list_model_get_item (G_LIST_MODEL (self->tests), i);
      g_object_unref (t[i]);
    }

  fake_run_start (self, t[START], 1);
  fake_run_finish (self, t[START], &passed, 0);
  fake_run_start (self, t[QUERY], 1);
  fake_run_attempt (self, t[QUERY], &failed);
  fake_run_start (self, t[QUERY], 2);
  fake_run_finish (self, t[QUERY], &passed, DAGSCHED_FLAGS_FLAKY);
  fake_run_start (self, t[UPLOAD], 1);
  fake_run_attempt (self, t[UPLOAD], &failed);
  fake_run_start (self, t[UPLOAD], 2);
  fake_run_finish (self, t[UPLOAD], &again, DAGSCHED_FLAGS_LEAKED | DAGSCHED_FLAGS_TRUNCATED);
  fake_run_drop (self, t[DUMP], DAGSCHED_OUTCOME_BLOCKED, NULL, t[UPLOAD]);
  fake_run_drop (self, t[LIST], DAGSCHED_OUTCOME_BLOCKED, NULL, t[DUMP]);
  fake_run_drop (self, t[PURGE], DAGSCHED_OUTCOME_BLOCKED, NULL, t[LIST]);
  fake_run_start (self, t[SLOW], 1);
  fake_run_finish (self, t[SLOW], &timed_out, 0);
  fake_run_start (self, t[MISSING], 1);
  fake_run_finish (self, t[MISSING], &errored, 0);
  fake_run_drop (self, t[DISABLED], DAGSCHED_OUTCOME_SKIPPED, "disabled: broken # on arm", NULL);
  fake_run_drop (self, t[AFTER_DISABLED], DAGSCHED_OUTCOME_BLOCKED, NULL, t[DISABLED]);
  fake_run_start (self, t[KNOWN], 1);
  fake_run_finish (self, t[KNOWN], &known, 0);
  fake_run_start (self, t[SURPRISE], 1);
  fake_run_finish (self, t[SURPRISE], &surprise, 0);
  fake_run_start (self, t[HOSTILE], 1);
  fake_run_finish (self, t[HOSTILE], &hostile, 0);
  fake_run_start (self, t[LONG_OUTPUT], 1);
  fake_run_finish (self, t[LONG_OUTPUT], &wordy, 0);
  fake_run_start (self, t[CUT], 1);
  fake_run_finish (self, t[CUT], &cut, 0);
  fake_run_drop (self, t[NEVER], DAGSCHED_OUTCOME_CANCELLED, "the run was cancelled", NULL);

  fake_run_end (self, DAGSCHED_VERDICT_FAILURE, "interrupted by SIGINT", 12.5);
}

void
assert_golden (const char *name, const char *text)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "report", "golden", name, NULL);
  g_autofree char *expected = NULL;
  GError *error = NULL;

  if (g_getenv ("DAGSCHED_UPDATE_GOLDEN") != NULL)
    {
      g_file_set_contents (path, text, -1, &error);
      g_assert_no_error (error);
      return;
    }

  g_file_get_contents (path, &expected, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}
