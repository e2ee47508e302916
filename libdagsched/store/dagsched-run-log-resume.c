/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-run-log-struct-private.h"

#include "base/dagsched-error.h"
#include "base/dagsched-pointers-private.h"
#include "base/dagsched-outcome-private.h"
#include "model/dagsched-command-test.h"
#include "run/dagsched-earlier-private.h"

/* From what a log says of a run that was cut short to one that goes on from there. */

#define NS_PER_SECOND 1e9
#define MAX_SECONDS 1e9         /* some thirty years: nanoseconds are counted in 64 bits */
#define MAX_NAMED 3             /* tests in a message */
#define MAX_ATTEMPTS (1u << 20) /* of a test: a log that says more is damaged */

typedef struct
{
  DagschedRunLog *log;
  const DagschedPlanView *plan;
  guint n_workers;
  guint32 *in_log;  /* of each test of the plan: its number in the log */
  guint32 *in_plan; /* of each test of the log: its number in the plan */
  guint8 *final;    /* of each test of the plan: nothing is to be run for it */
} Resume;

static Resume *
resume_new (DagschedRunLog *log, DagschedScheduler *scheduler)
{
  Resume *self = g_new0 (Resume, 1);

  self->log = g_object_ref (log);
  self->plan = dagsched_plan_get_view (dagsched_scheduler_get_plan (scheduler));
  self->n_workers = g_list_model_get_n_items (dagsched_run_get_workers (DAGSCHED_RUN (scheduler)));
  self->in_log = g_new (guint32, self->plan->n_tests);
  self->in_plan = g_new (guint32, log->content->tests->len);
  self->final = g_new0 (guint8, self->plan->n_tests);
  return self;
}

static void
resume_free (gpointer data)
{
  Resume *self = data;

  g_object_unref (self->log);
  g_free (self->in_log);
  g_free (self->in_plan);
  g_free (self->final);
  g_free (self);
}

static DagschedLogTest *
get_logged (Resume *self, guint32 number)
{
  return dagsched_log_content_get_test (self->log->content, self->in_log[number]);
}

static char *
dup_log_name (DagschedRunLog *log)
{
  return g_file_get_parse_name (log->content->file);
}

/* The same tests. */

/* A test is its name and its repetition. */
static char *
dup_key (DagschedTest *test)
{
  return g_strdup_printf ("%u/%s", dagsched_test_get_repetition (test), dagsched_test_get_name (test));
}

static void
add_name (GString *names, guint n_before, DagschedTest *test)
{
  if (n_before < MAX_NAMED)
    g_string_append_printf (names, "%s%s", n_before > 0 ? ", " : "", dagsched_test_get_name (test));
  else if (n_before == MAX_NAMED)
    g_string_append (names, " …");
}

/* Returns how many tests of the plan are not in the log. */
static guint
find_in_log (Resume *self, GHashTable *logged, GString *names)
{
  guint n_missing = 0;

  for (guint32 i = 0; i < self->plan->n_tests; i++)
    {
      g_autofree char *key = dup_key (self->plan->tests[i]);
      gpointer number;

      if (g_hash_table_lookup_extended (logged, key, NULL, &number))
        {
          self->in_log[i] = GPOINTER_TO_UINT (number);
          self->in_plan[self->in_log[i]] = i;
          g_hash_table_remove (logged, key);
        }
      else
        add_name (names, n_missing++, self->plan->tests[i]);
    }

  return n_missing;
}

static DagschedTest *
get_logged_test (Resume *self, guint32 number)
{
  return dagsched_log_content_get_test (self->log->content, number)->test;
}

/* Returns how many are there more than once, as in no log of ours. */
static guint
list_logged (Resume *self, GHashTable *logged, GString *names)
{
  guint n_again = 0;

  for (guint32 i = 0; i < self->log->content->tests->len; i++)
    {
      if (!g_hash_table_insert (logged, dup_key (get_logged_test (self, i)), GUINT_TO_POINTER (i)))
        add_name (names, n_again++, get_logged_test (self, i));
    }

  return n_again;
}

static guint
name_all (Resume *self, GHashTable *logged, guint n_before, GString *names)
{
  GHashTableIter iter;
  gpointer number;
  guint n = 0;

  g_hash_table_iter_init (&iter, logged);
  while (g_hash_table_iter_next (&iter, NULL, &number))
    add_name (names, n_before + n++, get_logged_test (self, GPOINTER_TO_UINT (number)));

  return n;
}

static gboolean
match_tests (Resume *self, GError **error)
{
  g_autoptr (GHashTable) logged = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) here = g_string_new (NULL), there = g_string_new (NULL);
  g_autofree char *log_name = dup_log_name (self->log);
  guint n_here, n_there;

  n_there = list_logged (self, logged, there);
  n_here = find_in_log (self, logged, here);
  n_there += name_all (self, logged, n_there, there);
  if (n_here == 0 && n_there == 0)
    return TRUE;

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG,
               "%s is the log of other tests: %u are in it only%s%s, %u in this run only%s%s; "
               "a run goes on with the same sources, selection and repetitions",
               log_name, n_there, n_there > 0 ? ": " : "", there->str, n_here, n_here > 0 ? ": " : "",
               here->str);
  return FALSE;
}

static gboolean
have_same_words (const char *const *a, const char *const *b)
{
  static const char *const none[] = { NULL };

  return g_strv_equal (a != NULL ? a : none, b != NULL ? b : none);
}

static gboolean
have_same_command (DagschedTest *a, DagschedTest *b)
{
  DagschedCommandTest *one, *other;

  if (!DAGSCHED_IS_COMMAND_TEST (a) || !DAGSCHED_IS_COMMAND_TEST (b))
    return TRUE;

  one = DAGSCHED_COMMAND_TEST (a);
  other = DAGSCHED_COMMAND_TEST (b);
  return have_same_words (dagsched_command_test_get_argv (one), dagsched_command_test_get_argv (other)) &&
         have_same_words (dagsched_command_test_get_env (one), dagsched_command_test_get_env (other)) &&
         have_same_words (dagsched_command_test_get_unset_env (one),
                          dagsched_command_test_get_unset_env (other)) &&
         g_strcmp0 (dagsched_command_test_get_workdir (one), dagsched_command_test_get_workdir (other)) == 0;
}

static gboolean
have_same_dependencies (Resume *self, guint32 number)
{
  const DagschedPlanView *plan = self->plan;
  const DagschedLogTest *logged = get_logged (self, number);
  guint32 first = plan->first_dependency[number];

  if (logged->n_dependencies != plan->first_dependency[number + 1] - first)
    return FALSE;

  for (guint32 i = 0; i < logged->n_dependencies; i++)
    {
      const DagschedLogDependency *dependency =
        dagsched_log_content_get_dependency (self->log->content, logged, i);
      guint32 packed = plan->dependencies[first + i];

      if (self->in_plan[dependency->number] != DAGSCHED_DEPENDENT_NUMBER (packed) ||
          dependency->condition != DAGSCHED_DEPENDENT_CONDITION (packed))
        return FALSE;
    }

  return TRUE;
}

/* An outcome that stands is one of this test, and not of what had its name. */
static gboolean
check_tests (Resume *self, GError **error)
{
  for (guint32 i = 0; i < self->plan->n_tests; i++)
    {
      gboolean same_command = have_same_command (self->plan->tests[i], get_logged (self, i)->test);
      g_autofree char *log_name = NULL;

      if (!get_logged (self, i)->is_finished || (same_command && have_same_dependencies (self, i)))
        continue;

      log_name = dup_log_name (self->log);
      g_set_error (
        error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG,
        "%s: test %s has its outcome, but %s since: what it came to does not hold any more, so run "
        "everything again",
        log_name, dagsched_test_get_name (self->plan->tests[i]),
        same_command ? "its dependencies have changed" : "its command has changed");
      return FALSE;
    }

  return TRUE;
}

/* What stands. */

typedef enum
{
  NOT_LOOKED_AT,
  CAME_TO_NOTHING,
  CAME_TO_SOMETHING,
} Finding;

/* @number: of the log. NULL: something else became of it. */
static const DagschedLogTest *
get_blocked (Resume *self, guint32 number)
{
  const DagschedLogTest *logged = dagsched_log_content_get_test (self->log->content, number);

  return logged != NULL && logged->is_finished && logged->end.outcome == DAGSCHED_OUTCOME_BLOCKED ? logged
                                                                                                  : NULL;
}

/* What was cancelled, or blocked by that, did not come to anything yet. @findings are of each test of the log: a long
 * row of tests may be blocked one by the other, and is gone along once. */
static gboolean
has_come_to_something (Resume *self, guint32 number, guint8 *findings)
{
  const DagschedLogTest *logged;
  guint32 root = number;
  gboolean found;

  for (; (logged = get_blocked (self, root)) != NULL && findings[root] == NOT_LOOKED_AT;
       root = logged->blocked_by)
    findings[root] = CAME_TO_SOMETHING;

  if (logged != NULL)
    found = findings[root] == CAME_TO_SOMETHING;
  else
    {
      logged = dagsched_log_content_get_test (self->log->content, root);
      found = logged != NULL && logged->is_finished && logged->end.outcome != DAGSCHED_OUTCOME_CANCELLED;
    }

  for (guint32 i = number; !found && i != root; i = get_blocked (self, i)->blocked_by)
    findings[i] = CAME_TO_NOTHING;

  return found;
}

/* The one that decided: also of a test whose attempts were all lost, until it was given up. */
static DagschedLogAttempt *
get_last_attempt (Resume *self, const DagschedLogTest *logged)
{
  DagschedLogAttempt *attempt = dagsched_log_content_get_attempt (self->log->content, logged->last_attempt);

  return attempt != NULL && attempt->number > 0 && attempt->number <= MAX_ATTEMPTS ? attempt : NULL;
}

/* Others follow from these, as they did before. */
static gboolean
is_taken (Resume *self, guint32 number)
{
  const DagschedLogTest *logged = get_logged (self, number);

  return self->final[number] && logged->end.outcome != DAGSCHED_OUTCOME_BLOCKED &&
         get_last_attempt (self, logged) != NULL;
}

static gboolean
is_lost_fixture (Resume *self, guint32 fixture)
{
  return self->final[fixture] &&
         DAGSCHED_OUTCOME_IN (get_logged (self, fixture)->end.outcome, DAGSCHED_SUCCESSES);
}

static gboolean
want_again (Resume *self, const guint32 *fixtures, guint32 n)
{
  gboolean changed = FALSE;

  for (guint32 i = 0; i < n; i++)
    {
      if (!is_lost_fixture (self, fixtures[i]))
        continue;
      self->final[fixtures[i]] = FALSE;
      changed = TRUE;
    }

  return changed;
}

/* What a fixture had running is gone with its runner: it runs again for those that still need it, its cleanup among
 * them; and then that as well. */
static void
want_fixtures_again (Resume *self)
{
  const DagschedPlanView *plan = self->plan;
  gboolean changed = plan->first_fixture != NULL;

  while (changed)
    {
      changed = FALSE;
      for (guint32 i = 0; i < plan->n_tests; i++)
        {
          if (plan->cleanup_of[i] != DAGSCHED_NO_TEST && self->final[i] && !self->final[plan->cleanup_of[i]])
            {
              self->final[i] = FALSE;
              changed = TRUE;
            }
          if (self->final[i])
            continue;
          changed |= want_again (self, &plan->fixtures[plan->first_fixture[i]],
                                 plan->first_fixture[i + 1] - plan->first_fixture[i]);
          if (plan->cleanup_of[i] != DAGSCHED_NO_TEST)
            changed |= want_again (self, &plan->cleanup_of[i], 1);
        }
    }
}

static void
decide (Resume *self)
{
  g_autofree guint8 *findings = g_new0 (guint8, self->log->content->tests->len);

  for (guint32 i = 0; i < self->plan->n_tests; i++)
    self->final[i] = has_come_to_something (self, self->in_log[i], findings);
  want_fixtures_again (self);
}

/* Into the scheduler. */

static void
load_output (gpointer data, DagschedAttemptRecord *record)
{
  Resume *self = data;
  DagschedLogContent *content = self->log->content;
  DagschedLogAttempt *logged = dagsched_log_content_get_attempt (content, (guint32) record->log_offset);
  g_autoptr (DagschedAttempt) attempt = dagsched_log_content_make_attempt (content, logged);
  GBytes *bytes = dagsched_attempt_get_standard_output (attempt);

  record->log_offset = -1;
  record->result->standard_output = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  bytes = dagsched_attempt_get_standard_error (attempt);
  record->result->standard_error = bytes != NULL ? g_bytes_ref (bytes) : NULL;
}

static gint64
to_ns (double seconds)
{
  return (gint64) (MIN (seconds, MAX_SECONDS) * NS_PER_SECOND);
}

static void
add_attempt (Resume *self, DagschedEarlier *earlier, guint32 number, const DagschedLogAttempt *attempt)
{
  DagschedResult result = attempt->result;
  DagschedAttemptRecord record = {
    .result = &result,
    .start_ns = to_ns (attempt->start),
    .end_ns = to_ns (attempt->start) + to_ns (attempt->duration),
    .log_offset =
      attempt - &g_array_index (self->log->content->attempts, DagschedLogAttempt, 0), /* for load_output() */
    .test = number,
    .attempt = attempt->number,
    .lane = attempt->worker < self->n_workers ? attempt->worker : DAGSCHED_NO_WORKER,
    .outcome = (guint8) attempt->result.outcome,
    .will_retry = attempt->will_retry,
  };

  result.reason = g_strdup (result.reason);
  result.artifacts = g_strdup (result.artifacts);
  result.standard_output = result.standard_error = NULL;
  dagsched_earlier_add_attempt (earlier, &record);
}

static void
add_test (Resume *self, DagschedEarlier *earlier, guint32 number)
{
  const DagschedLogTest *logged = get_logged (self, number);
  g_autoptr (GPtrArray) attempts = g_ptr_array_new ();

  for (DagschedLogAttempt *attempt = get_last_attempt (self, logged); attempt != NULL;
       attempt = dagsched_log_content_get_attempt (self->log->content, attempt->previous))
    {
      if (attempts->len == 0 || !attempt->result.lost)
        g_ptr_array_add (attempts, attempt);
    }
  dagsched_pointers_reverse (attempts);

  dagsched_earlier_add_test (earlier, number, logged->end.outcome, logged->end.flags);
  for (guint i = 0; i < attempts->len; i++)
    add_attempt (self, earlier, number, g_ptr_array_index (attempts, i));
}

/* Takes @self. */
static DagschedEarlier *
make_earlier (Resume *self)
{
  const DagschedLogContent *content = self->log->content;
  DagschedEarlier *earlier = dagsched_earlier_new ();

  earlier->elapsed_ns = to_ns (content->elapsed);
  earlier->is_recorded = content->has_end;
  earlier->load_output = load_output;
  earlier->data = self;
  earlier->free_data = resume_free;
  for (guint i = 0; i < content->events->len; i++)
    {
      const DagschedLogEvent *event = &g_array_index (content->events, DagschedLogEvent, i);
      guint32 number =
        event->kind == DAGSCHED_LOG_LINE_FINISHED ? self->in_plan[event->test] : DAGSCHED_NO_TEST;

      if (number != DAGSCHED_NO_TEST && is_taken (self, number) &&
          dagsched_earlier_find (earlier, number) == NULL)
        add_test (self, earlier, number);
    }

  return earlier;
}

/**
 * dagsched_run_log_resume:
 * @self: the log of a run that was cut short: by a signal, or by the death of its runner
 * @scheduler: a scheduler that is prepared ([method@Scheduler.prepare]) and has not run yet, with the same tests
 * @n_finished: (out) (optional): return location for how many tests are not run again
 * @error: return location for an error
 *
 * Has a run go on from where the log ends. Tests that had come to an outcome have it from the start, with their attempts;
 * the others run, and with them the fixtures that they need and that had come up. Cancelled tests count as not run. Times
 * go on as well: the run has been going on for as long as the log.
 *
 * What the tests wrote is read from the log when the run starts; the log must be there until then.
 *
 * Fails with %DAGSCHED_ERROR_LOG if the log is one of other tests, or if the command or the dependencies of a test that
 * has its outcome have changed.
 *
 * Returns: whether it can
 *
 * Since: 1.0
 */
gboolean
dagsched_run_log_resume (DagschedRunLog *self,
                         DagschedScheduler *scheduler,
                         guint *n_finished,
                         GError **error)
{
  Resume *resume;
  DagschedEarlier *earlier;

  g_return_val_if_fail (DAGSCHED_IS_RUN_LOG (self), FALSE);
  g_return_val_if_fail (DAGSCHED_IS_SCHEDULER (scheduler), FALSE);
  g_return_val_if_fail (dagsched_scheduler_get_plan (scheduler) != NULL, FALSE);
  g_return_val_if_fail (dagsched_scheduler_get_earlier (scheduler) == NULL, FALSE);

  if (n_finished != NULL)
    *n_finished = 0;
  /* It was cut short before it had said which tests there are: nothing has run. */
  if (self->content->tests->len < self->content->n_announced && self->content->events->len == 0)
    return TRUE;

  resume = resume_new (self, scheduler);
  if (!match_tests (resume, error) || !check_tests (resume, error))
    {
      resume_free (resume);
      return FALSE;
    }

  decide (resume);
  earlier = make_earlier (resume);
  if (n_finished != NULL)
    *n_finished = earlier->tests->len;
  dagsched_scheduler_set_earlier (scheduler, earlier);
  return TRUE;
}
