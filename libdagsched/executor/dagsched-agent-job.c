/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-agent-job-private.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "executor/dagsched-fixture-values-private.h"
#include "model/dagsched-isolation-private.h"

#define NAME_SHOWN_MAX 180

static gboolean
asks_for_path (DagschedCommandTest *test)
{
  const char *const *argv = dagsched_command_test_get_argv (test);

  return g_strv_contains (argv, "-p");
}

/* The name of a test as that of a file: two tests never get the same. */
static char *
build_artifacts_path (const char *root, DagschedTest *test, const DagschedTicket *ticket)
{
  GString *path = g_string_new (root);
  const char *name = dagsched_test_get_name (test);
  gsize start;

  g_string_append_c (path, '/');
  start = path->len;
  for (; *name != '\0' && path->len - start < NAME_SHOWN_MAX; name++)
    {
      if (*name == '/' || *name == '%' || (guchar) *name < ' ' || (*name == '.' && path->len == start))
        g_string_append_printf (path, "%%%02X", (guchar) *name);
      else
        g_string_append_c (path, *name);
    }
  if (*name != '\0' || dagsched_test_get_repetition (test) > 0)
    g_string_append_printf (path, "~%u", ticket->test);
  g_string_append_printf (path, ".%u", ticket->attempt);

  return g_string_free (path, FALSE);
}

DagschedAgentJob *
dagsched_agent_job_new (const DagschedPlanView *view,
                        DagschedAttemptHandle *attempt,
                        const DagschedAgentJobParams *params)
{
  DagschedAgentJob *self = g_new0 (DagschedAgentJob, 1);
  const DagschedTicket *ticket = dagsched_attempt_handle_get_ticket (attempt);
  const DagschedProfile *profile = dagsched_plan_view_get_profile (view, ticket->test);
  DagschedTest *test = view->tests[ticket->test];
  guint64 output_limit;

  self->attempt = attempt;
  self->ticket = ticket;
  self->id = (guint64) ticket->test << 32 | ticket->generation;
  self->test = dagsched_test_peek_command (test);
  self->timeout_ns = profile->timeout_ns;
  self->grace_ns = profile->grace_ns;
  self->stack_traces = params->stack_traces;
  self->is_fixture = dagsched_test_get_fixture (test);
  self->artifacts = build_artifacts_path (params->artifacts, test, ticket);
  self->result = (DagschedResult) DAGSCHED_RESULT_INIT;

  output_limit = dagsched_command_test_get_output_limit (self->test);
  self->output_limit = MIN (output_limit > 0 ? output_limit : params->output_limit, params->output_share);
  for (guint i = 0; i < G_N_ELEMENTS (self->captures); i++)
    dagsched_capture_init (&self->captures[i], self->output_limit);

  for (guint i = 0; i < DAGSCHED_N_LIMITS; i++)
    {
      guint64 limit = dagsched_command_test_get_limit (self->test, i);

      self->limits[i] = limit > 0 ? limit : params->limits[i];
    }

  self->judge =
    dagsched_judge_new (&(DagschedJudgeParams){ .protocol = dagsched_command_test_get_protocol (self->test),
                                                .skip_code = dagsched_command_test_get_skip_code (self->test),
                                                .one_path = asks_for_path (self->test) });
  return self;
}

void
dagsched_agent_job_free (DagschedAgentJob *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->captures); i++)
    dagsched_capture_clear (&self->captures[i]);
  g_clear_pointer (&self->judge, dagsched_judge_free);
  /* Its slot removes it, but for one that died. */
  if (!self->finished)
    g_rmdir (self->artifacts);
  g_clear_pointer (&self->artifacts, g_free);
  g_clear_pointer (&self->values, g_strfreev);
  dagsched_result_clear (&self->result);
  g_clear_pointer (&self->attempt, dagsched_attempt_handle_drop);
  g_free (self);
}

void
dagsched_agent_job_complete (DagschedAgentJob *self, DagschedEngineThread *thread)
{
  dagsched_attempt_handle_complete (g_steal_pointer (&self->attempt), thread, &self->result);
  self->result = (DagschedResult) DAGSCHED_RESULT_INIT;
  dagsched_agent_job_free (self);
}

void
dagsched_agent_job_complete_as (DagschedAgentJob *self,
                                DagschedEngineThread *thread,
                                DagschedOutcome outcome,
                                char *reason)
{
  dagsched_result_clear (&self->result);
  self->result.outcome = outcome;
  self->result.reason = reason;
  dagsched_agent_job_complete (self, thread);
}

static const char **
concatenate (const char *const *before, const char *const *after)
{
  gsize n_before = before != NULL ? g_strv_length ((char **) before) : 0;
  gsize n_after = after != NULL ? g_strv_length ((char **) after) : 0;
  /* Freed with the message, by free(). */
  const char **all = calloc (n_before + n_after + 1, sizeof *all);

  if (all == NULL)
    g_error ("out of memory");
  for (gsize i = 0; i < n_before; i++)
    all[i] = before[i];
  for (gsize i = 0; i < n_after; i++)
    all[n_before + i] = after[i];

  return all;
}

void
dagsched_agent_job_describe (DagschedAgentJob *self,
                             const char *const *wrapper,
                             GPtrArray *values,
                             DagschedRunMessage *message,
                             GPtrArray *owned)
{
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  const char *workdir = dagsched_command_test_get_workdir (self->test);

  g_ptr_array_add (owned,
                   g_strdup_printf ("DAGSCHED_TEST=%s", dagsched_test_get_name (DAGSCHED_TEST (self->test))));
  g_ptr_array_add (owned, g_strdup_printf ("DAGSCHED_ATTEMPT=%u", self->ticket->attempt));
  g_ptr_array_add (owned, g_strdup_printf ("DAGSCHED_WORKER=%u", self->ticket->lane));
  for (guint i = 0; i < owned->len; i++)
    g_ptr_array_add (own, owned->pdata[i]);
  for (guint i = 0; values != NULL && i < values->len; i++)
    g_ptr_array_add (own, values->pdata[i]);
  g_ptr_array_add (own, NULL);

  *message = (DagschedRunMessage){
    .id = self->id,
    .flags = (self->is_fixture ? DAGSCHED_RUN_KEEP : 0) |
             (dagsched_judge_reads (self->judge) ? DAGSCHED_RUN_STREAM_OUT : 0) |
             (self->stack_traces ? DAGSCHED_RUN_EXPLAIN : 0),
    .timeout_ns = self->timeout_ns,
    .grace_ns = self->grace_ns,
    .stop_signal = (guint32) dagsched_command_test_get_stop_signal (self->test),
    .output_limit = self->output_limit,
    .workdir = workdir != NULL ? workdir : "",
    .artifacts = self->artifacts,
    .argv = concatenate (wrapper, dagsched_command_test_get_argv (self->test)),
    .env = concatenate ((const char *const *) own->pdata, dagsched_command_test_get_env (self->test)),
    .unset = concatenate (NULL, dagsched_command_test_get_unset_env (self->test)),
  };
  memcpy (message->limits, self->limits, sizeof message->limits);
  self->program = message->argv[0];
}

guint64
dagsched_agent_job_take_output (DagschedAgentJob *self, const DagschedOutputMessage *message)
{
  DagschedCapture *capture = &self->captures[message->stream];

  if (message->stream == 0)
    dagsched_judge_feed (self->judge, (const char *) message->data, message->length);
  dagsched_capture_append (capture, message->data, message->length, message->skipped);
  return dagsched_capture_count (capture);
}

void
dagsched_agent_job_peek_outputs (DagschedAgentJob *self, DagschedOutputs *outputs)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->captures); i++)
    {
      outputs->streams[i].bytes = dagsched_capture_peek (&self->captures[i]);
      outputs->streams[i].n_written = dagsched_capture_count (&self->captures[i]);
    }
}

void
dagsched_agent_job_end_output (DagschedAgentJob *self)
{
  DagschedResult *result = &self->result;
  gboolean truncated[2];

  result->standard_output = dagsched_capture_finish (&self->captures[0], &truncated[0]);
  result->standard_error = dagsched_capture_finish (&self->captures[1], &truncated[1]);
  if (truncated[0] || truncated[1])
    result->flags |= DAGSCHED_FLAGS_TRUNCATED;
}

/* Why a program that is there could not be executed. */
static const char *
get_exec_hint (const char *program, const char *path, int number)
{
  switch (number)
    {
    case EACCES:
      return " (not executable: chmod +x?)";
    case ENOEXEC:
      return " (no program for this machine; a script begins with a line #!/…)";
    case ENOENT:
      if (strchr (program, '/') == NULL)
        return " (not in $PATH)";
      return g_file_test (path, G_FILE_TEST_EXISTS)
               ? " (it is there, but the interpreter or loader that it names is not)"
               : "";
    default:
      return "";
    }
}

static char *
describe_failure (DagschedAgentJob *self, const DagschedFinishedMessage *message)
{
  const char *program = self->program;
  const char *workdir = dagsched_command_test_get_workdir (self->test);
  const char *text = g_strerror ((int) message->error);
  g_autofree char *path = g_build_filename (workdir != NULL ? workdir : ".", program, NULL);

  switch ((DagschedFailure) message->failure)
    {
    case DAGSCHED_FAILURE_WORKDIR:
      return g_strdup_printf ("workdir %s: %s", workdir, text);
    case DAGSCHED_FAILURE_EXEC:
      return g_strdup_printf (
        "%s: %s%s", program, text,
        get_exec_hint (program, g_path_is_absolute (program) ? program : path, (int) message->error));
    case DAGSCHED_FAILURE_SCRATCH:
      return g_strdup_printf ("can't make its TMPDIR: %s (set TMPDIR to a directory that is writable)", text);
    case DAGSCHED_FAILURE_ARTIFACTS:
      return g_strdup_printf ("can't make %s: %s", self->artifacts, text);
    case DAGSCHED_FAILURE_VALUES:
      return g_strdup_printf ("its values can't be read from $DAGSCHED_ENV: %s", text);
    case DAGSCHED_FAILURE_NONE:
    case DAGSCHED_FAILURE_SPAWN:
    default:
      return g_strdup_printf ("%s: can't start a process: %s", program, text);
    }
}

static void
set_outcome (DagschedResult *result, DagschedOutcome outcome, char *reason)
{
  g_free (result->reason);
  result->outcome = outcome;
  result->reason = reason;
}

/* A fixture that passed hands its values on, if it can. */
static void
take_values (DagschedAgentJob *self, const DagschedFinishedMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (message->flags & DAGSCHED_FINISHED_VALUES_CUT)
    {
      set_outcome (
        &self->result, DAGSCHED_OUTCOME_ERRORED,
        g_strdup_printf ("$DAGSCHED_ENV: more than %" G_GSIZE_FORMAT " bytes", message->values_length));
      return;
    }

  self->values =
    dagsched_fixture_values_parse ((const char *) message->values, message->values_length, &error);
  if (self->values == NULL)
    set_outcome (&self->result, DAGSCHED_OUTCOME_ERRORED, g_strdup (error->message));
}

G_STATIC_ASSERT (DAGSCHED_RUN_N_LIMITS == DAGSCHED_N_LIMITS);
G_STATIC_ASSERT (DAGSCHED_RUN_LIMIT_CPU == (int) DAGSCHED_LIMIT_CPU);
G_STATIC_ASSERT (DAGSCHED_RUN_LIMIT_PROCESSES == (int) DAGSCHED_LIMIT_PROCESSES);

static void
add_limit (GString *text, guint64 limit, const char *what)
{
  if (limit == 0)
    return;

  g_string_append (text, text->len > 0 ? ", " : "");
  g_string_append_printf (text, "%" G_GUINT64_FORMAT " %s", limit, what);
}

/* Whether a limit made it fail, only the test knows: so it is said that there was one. */
static void
tell_limits (DagschedAgentJob *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  DagschedResult *result = &self->result;
  char *reason;

  add_limit (text, self->limits[DAGSCHED_LIMIT_CPU], "s of processor time");
  add_limit (text, self->limits[DAGSCHED_LIMIT_MEMORY], "bytes of data");
  add_limit (text, self->limits[DAGSCHED_LIMIT_OPEN_FILES], "open files");
  if (text->len == 0 || result->outcome != DAGSCHED_OUTCOME_FAILED || result->reason == NULL)
    return;

  reason = g_strdup_printf ("%s (limits of each process: %s)", result->reason, text->str);
  g_free (result->reason);
  result->reason = reason;
}

static void
judge (DagschedAgentJob *self, const DagschedFinishedMessage *message)
{
  if (message->failure != DAGSCHED_FAILURE_NONE)
    set_outcome (&self->result, DAGSCHED_OUTCOME_ERRORED, describe_failure (self, message));
  else if (message->flags & DAGSCHED_FINISHED_STOPPED)
    set_outcome (&self->result, DAGSCHED_OUTCOME_CANCELLED, g_strdup ("stopped while it ran"));
  else if (message->flags & DAGSCHED_FINISHED_TIMED_OUT)
    set_outcome (&self->result, DAGSCHED_OUTCOME_TIMED_OUT,
                 g_strdup_printf ("did not end within %g s", (double) self->timeout_ns / 1e9));
  else if (message->flags & DAGSCHED_FINISHED_OVER_PROCESSES)
    set_outcome (&self->result, DAGSCHED_OUTCOME_FAILED,
                 g_strdup_printf ("had more than %" G_GUINT64_FORMAT " processes (process-limit)",
                                  self->limits[DAGSCHED_LIMIT_PROCESSES]));
  else if (message->flags & DAGSCHED_FINISHED_OVER_CPU)
    set_outcome (&self->result, DAGSCHED_OUTCOME_FAILED,
                 g_strdup_printf ("took more than %" G_GUINT64_FORMAT " s of processor time (cpu-limit)",
                                  self->limits[DAGSCHED_LIMIT_CPU]));
  else
    {
      dagsched_judge_finish (self->judge, &self->result);
      tell_limits (self);
    }
}

static int
remove_entry (const char *path, const struct stat *status, int type, struct FTW *place)
{
  /* What can't be removed stays, and is no reason to stop. */
  (void) remove (path);
  return 0;
}

/* Artifacts are kept for those who look into what went wrong. */
static void
drop_artifacts (DagschedResult *result)
{
  if (result->artifacts == NULL ||
      (result->outcome != DAGSCHED_OUTCOME_PASSED && result->outcome != DAGSCHED_OUTCOME_SKIPPED))
    return;

  nftw (result->artifacts, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  g_clear_pointer (&result->artifacts, g_free);
}

void
dagsched_agent_job_finish (DagschedAgentJob *self, const DagschedFinishedMessage *message)
{
  DagschedResult *result = &self->result;

  self->finished = TRUE;
  if (message->failure == DAGSCHED_FAILURE_NONE)
    {
      result->exit_status = message->term_signal == 0 ? (int) message->exit_status : -1;
      result->term_signal = (int) message->term_signal;
    }
  result->start_ns = message->start_ns;
  result->end_ns = message->end_ns;
  if (message->flags & DAGSCHED_FINISHED_LEAKED)
    result->flags |= DAGSCHED_FLAGS_LEAKED;
  if (message->flags & DAGSCHED_FINISHED_ARTIFACTS)
    result->artifacts = g_strdup (self->artifacts);

  judge (self, message);
  drop_artifacts (result);
  if (self->is_fixture && result->outcome == DAGSCHED_OUTCOME_PASSED)
    take_values (self, message);
}
