/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sim-case.h"

#include <dagsched.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "engine/dagsched-step-private.h"
#include "model/dagsched-test-private.h"
#include "run/dagsched-scheduler-private.h"
#include "sim-agent.h"
#include "sim-world.h"
#include "store/dagsched-run-log-struct-private.h"

#define MAX_KILLS 4
#define US G_GINT64_CONSTANT (1000)

typedef struct
{
  guint64 seed;
  const char *path; /* of the log */
  guint session;
  DagschedScheduler *scheduler;
  GMainContext *context;
  GAsyncResult *result;
  gint64 cancel_ns;     /* G_MAXINT64: never */
  guint64 cancel_point; /* likewise: while others are at work */
  gboolean kill;
  gboolean is_iterated; /* before it has ended */
  guint8 n_finished[MAX_TESTS];
} Case;

/* Functions. */

static gboolean
is_told (gpointer cancellable)
{
  return g_cancellable_is_cancelled (cancellable);
}

static gboolean
is_over (gpointer data)
{
  return world.is_over;
}

static void
hang (guint number, GCancellable *cancellable)
{
  gint64 start = sim_now ();

  /* Its thread is written off: from when on, it can't know. */
  if (world.random.specs[number].hang == HANG_FOR_GOOD)
    {
      world_attempt_ends (number, DAGSCHED_OUTCOME_TIMED_OUT);
      sim_wait ("the end of all", is_over, NULL,
                sim_one_in (2) ? G_MAXINT64 : sim_now () + (20000 + sim_below (50000)) * US);
      return;
    }

  sim_wait ("its time-out", is_told, cancellable, G_MAXINT64);
  if (world.closed_ns == 0 && sim_now () < start + 500 * US && !sim_is_slow ())
    sim_fail ("t%u was timed out too early", number);
  if (world.closed_ns == 0 && sim_now () > start + 502 * US && !sim_is_slow ())
    sim_fail ("t%u was timed out too late", number);
  world_attempt_ends (number, DAGSCHED_OUTCOME_TIMED_OUT);
}

static DagschedOutcome
carry_out (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  guint number = GPOINTER_TO_UINT (data);
  const Spec *spec = &world.random.specs[number];
  guint attempt = world.tests[number].attempt + 1;
  DagschedOutcome outcome = attempt <= MAX_ATTEMPTS ? spec->results[attempt - 1] : DAGSCHED_OUTCOME_PASSED;

  /* A thread that comes to it late enough has been written off before. */
  if (spec->hang == HANG_FOR_GOOD && sim_is_slow () &&
      (world.tests[number].is_logged || attempt > MAX_ATTEMPTS))
    return DAGSCHED_OUTCOME_PASSED;
  if (attempt > MAX_ATTEMPTS)
    sim_fail ("attempt %u of t%u", attempt, number);
  world_attempt_begins (number, attempt);
  sim_yield ();
  if (spec->hang != HANG_NOT)
    {
      hang (number, cancellable);
      return DAGSCHED_OUTCOME_PASSED;
    }
  if (sim_one_in (2))
    sim_wait ("its time", is_told, cancellable, sim_now () + sim_below (2000) * US);
  sim_yield ();
  world_attempt_ends (number, outcome);
  return outcome;
}

static DagschedTest *
make_function (gpointer data, guint number, const char *name)
{
  return DAGSCHED_TEST (dagsched_func_test_new (name, carry_out, GUINT_TO_POINTER (number), NULL));
}

#ifdef DAGSCHED_DEBUG_STEPS
static void
on_step (gpointer user_data, DagschedStep step)
{
  sim_yield ();
}
#endif

/* What happens in a session. */

static guint64
some_size (guint max_log2)
{
  guint64 size = G_GUINT64_CONSTANT (1) << sim_below (max_log2);

  return size + sim_below ((guint) size + 1);
}

static DagschedOptions *
choose_options (Case *c)
{
  DagschedOptions *options = dagsched_options_new ();
  static const guint windows[] = { 0, 100, 16000 };
  /* Functions without an order are those that steal. */
  int order =
    sim_one_in (world.functions ? 5 : 2) ? (int) sim_below (DAGSCHED_ORDER_RANDOM + 1) : DAGSCHED_ORDER_AUTO;

  world.n_workers = 1 + sim_below (WORLD_MAX_WORKERS);
  world.max_failures = c->session == 1 && sim_one_in (8) ? 1 + sim_below (4) : 0;
  g_object_set (options, "n-workers", world.n_workers, "enable-work-stealing", !sim_one_in (4),
                "work-stealing-threshold", 1 + sim_below (4), "max-spurious-wakeups", sim_below (4),
                "notification-batch-window", windows[sim_below (3)], "order", order, "seed", sim_random (),
                "artifacts-dir", "/tmp", "max-failures", world.max_failures, "agent-path", "/simulated/agent",
                NULL);
  return options;
}

static void
choose_faults (Case *c)
{
  gboolean has_faults = sim_one_in (2);

  world.n_slot_deaths = has_faults ? sim_below (4) : 0;
  world.n_keeper_deaths = has_faults && sim_one_in (2) ? sim_below (3) : 0;
  world.n_broken_frames = has_faults && sim_one_in (4) ? 1 : 0;
  world.n_failed_spawns = has_faults && sim_one_in (4) ? 1 : 0;
  world.death_rarity = 1 + sim_below (20);
  if (has_faults && sim_one_in (10))
    world.n_slot_deaths = 100;
  world.log_capacity = world.torn_at = G_MAXUINT64;
  if (sim_one_in (10))
    world.log_capacity = 64 + sim_below (16000);
  c->cancel_ns = sim_one_in (8) ? sim_now () + (gint64) some_size (28) : G_MAXINT64;
  c->cancel_point = sim_one_in (8) ? some_size (13) : G_MAXUINT64;
  c->kill = sim_one_in (3);
  c->is_iterated = sim_one_in (2);
  if (c->session > MAX_KILLS || sim_one_in (2))
    return;

  if (sim_one_in (3))
    world.torn_at = 64 + some_size (15);
  else
    sim_kill_at (some_size (14));
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  Case *c = data;

  c->result = g_object_ref (result);
}

static gboolean
has_news (gpointer data)
{
  Case *c = data;

  return c->result != NULL || c->cancel_point <= sim_get_point () ||
         (c->is_iterated && sim_timers_are_due (FALSE));
}

static gboolean
has_ended (gpointer data)
{
  Case *c = data;

  return dagsched_engine_has_ended (c->scheduler->engine) || has_news (data);
}

static void
iterate (Case *c)
{
  sim_timers_are_due (TRUE);
  while (g_main_context_iteration (c->context, FALSE))
    sim_yield ();
}

/* Until the run has ended, and the model shows it. */
static void
await_end (Case *c)
{
  while (c->result == NULL)
    {
      if (c->cancel_ns <= sim_now () || c->cancel_point <= sim_get_point ())
        {
          c->cancel_point = G_MAXUINT64;
          c->cancel_ns = c->kill || sim_one_in (2) ? G_MAXINT64 : sim_now () + (gint64) some_size (25);
          world_close (TRUE, c->kill);
          dagsched_run_cancel (DAGSCHED_RUN (c->scheduler), c->kill);
          c->kill = TRUE;
        }
      if (c->is_iterated)
        iterate (c);
      if (c->result != NULL)
        break;
      sim_wait ("the end of the run", c->is_iterated ? has_news : has_ended, c, c->cancel_ns);
      if (!c->is_iterated && dagsched_engine_has_ended (c->scheduler->engine))
        c->is_iterated = TRUE;
    }
}

static gboolean
has_no_header (const char *log, gsize length)
{
  return length == 0 || (length < 4096 && memchr (log, '\n', length) == NULL);
}

static DagschedRunLogWriter *
open_log (Case *c, DagschedRunLog **log)
{
  g_autoptr (GFile) file = g_file_new_for_path (c->path);
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  DagschedRunLogWriter *writer;
  gsize length = 0;
  gboolean is_there = g_file_get_contents (c->path, &content, &length, NULL);

  world_begin_session (content, length);
  if (is_there && !has_no_header (content, length))
    {
      *log = dagsched_run_log_load (file, &error);
      if (*log == NULL)
        sim_fail ("the log can't be read: %s", error->message);
    }
  writer = is_there ? dagsched_run_log_writer_new_resumed (c->path, &error)
                    : dagsched_run_log_writer_new (c->path, &error);
  if (writer == NULL)
    sim_fail ("the log can't be written: %s", error->message);
  return writer;
}

static void
on_finished (DagschedTest *test, gpointer data)
{
  guint8 *n_finished = data;

  n_finished[dagsched_test_get_number (test)]++;
}

static void
watch_tests (Case *c, DagschedGraph *graph)
{
  memset (c->n_finished, 0, sizeof c->n_finished);
  for (guint i = 0; i < world.random.n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (graph), i);

      g_signal_connect (test, "finished", G_CALLBACK (on_finished), c->n_finished);
    }
}

static void
check_model (Case *c, DagschedGraph *graph)
{
  for (guint i = 0; i < world.random.n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (graph), i);

      if (dagsched_test_get_state (test) != DAGSCHED_STATE_FINISHED)
        sim_fail ("t%u has not finished, as its object shows it", i);
      if (c->n_finished[i] != 1)
        sim_fail ("t%u has finished %u times, as its object says", i, c->n_finished[i]);
      if (world.log_failed_ns == 0 && dagsched_test_get_outcome (test) != world.tests[i].outcome)
        sim_fail ("t%u came to %s, as its object shows it", i,
                  dagsched_outcome_to_string (dagsched_test_get_outcome (test)));
    }
}

static void
check_end (Case *c, DagschedGraph *graph, DagschedRunLogWriter *writer)
{
  g_autoptr (GError) error = NULL;
  gboolean complete = dagsched_scheduler_run_finish (c->scheduler, c->result, &error) &&
                      dagsched_run_log_writer_close (writer, &error);

  if (g_error_matches (error, DAGSCHED_ERROR, DAGSCHED_ERROR_STALLED))
    sim_fail ("STALL: %s", error->message);
  if (!complete && world.log_failed_ns == 0 && world.n_losses == 0)
    sim_fail ("the run could not be completed: %s", error->message);
  if (error != NULL && g_error_matches (error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR))
    {
      world.is_broken = TRUE;
      world_close (TRUE, FALSE);
    }
  /* It could not be begun. */
  if (dagsched_run_get_verdict (DAGSCHED_RUN (c->scheduler)) == DAGSCHED_VERDICT_INCOMPLETE && !complete &&
      !dagsched_engine_has_ended (c->scheduler->engine))
    return;
  world_check_end (complete);
  check_model (c, graph);
}

static void
run_session (gpointer data)
{
  Case *c = data;
  g_autoptr (DagschedRunLogWriter) writer = NULL;
  g_autoptr (DagschedOptions) options = choose_options (c);
  g_autoptr (DagschedRunLog) log = NULL;
  g_autoptr (GError) error = NULL;
  DagschedGraph *graph = random_case_make_graph (&world.random);
  guint n_taken;

  sim_agents_init ();
  watch_tests (c, graph);
  c->scheduler = dagsched_scheduler_new (graph, options);
  c->result = NULL;
  c->context = g_main_context_new ();
  g_main_context_push_thread_default (c->context);
  if (!dagsched_scheduler_prepare (c->scheduler, &error))
    g_error ("%s", error->message);
  writer = open_log (c, &log);
  choose_faults (c);
  if (log != NULL && !dagsched_run_log_resume (log, c->scheduler, &n_taken, &error))
    sim_fail ("the run can't be resumed: %s", error->message);
  dagsched_run_log_writer_attach (writer, c->scheduler);

  dagsched_scheduler_run_async (c->scheduler, NULL, take_result, c);
  /* One that can't be started says so only where it is shown. */
  if (dagsched_run_get_verdict (DAGSCHED_RUN (c->scheduler)) != DAGSCHED_VERDICT_NONE)
    c->is_iterated = TRUE;
  await_end (c);
  sim_note ("has ended", sim_get_point (), 0);
  check_end (c, graph, writer);

  /* Whoever hangs returns late. */
  world.is_over = TRUE;
  sim_wait ("all others", NULL, NULL, sim_now () + 100 * 1000 * US);
  iterate (c);
  g_clear_object (&c->result);
  g_object_unref (c->scheduler);
  iterate (c);
  g_object_unref (graph);
}

/* As the system does for a process that was killed. */
static void
close_all_from (int first)
{
  for (int fd = first; fd < first + 128; fd++)
    close (fd);
}

void
sim_case_run (guint64 seed, const char *directory, gboolean tracing, SimCaseResult *result)
{
  g_autofree char *path = g_build_filename (directory, "log.jsonl", NULL);
  g_autofree char *beside = g_strconcat (path, ".resumed", NULL);
  Case c = { .seed = seed, .path = path };
  int first_fd = dup (0);
  SimEnd end;

  close (first_fd);
  unlink (path);
  unlink (beside);
  sim_set_tracing (tracing);
  sim_on_idle = world_check_idle;
  sim_calls = (SimCalls){ .may_write = world_may_write, .written = world_written, .spawn = sim_agents_spawn };
#ifdef DAGSCHED_DEBUG_STEPS
  dagsched_step_set_hook (on_step, NULL);
#endif
  world_init (seed, seed % 3 == 0);
  world.random.make_function = seed % 3 == 0 ? make_function : NULL;

  if (tracing)
    world_print ();

  *result = (SimCaseResult){ 0 };
  do
    {
      c.session++;
      end = sim_run (seed * 64 + c.session, run_session, &c);
      result->n_points += sim_get_point ();
      result->hash = result->hash * 31 + sim_get_hash ();
      sim_agents_clear ();
      g_main_context_pop_thread_default (c.context);
      if (end == SIM_ENDED)
        g_main_context_unref (c.context);
      close_all_from (first_fd);
    }
  while (end == SIM_KILLED);
  result->n_sessions = c.session;

  unlink (path);
  unlink (beside);
  world_clear ();
}
