/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What it costs a run to be watched: the processor time of `dagsched run` while nobody observes it, while somebody does,
 * and while somebody has asked for everything and reads nothing. And how long it takes to see a run. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <dagsched.h>

#include "bench-clock.h"
#include "bench-error.h"
#include "bench-measurement.h"
#include "bench-process.h"
#include "bench-runner.h"
#include "live/dagsched-live-directory-private.h"
#include "live/dagsched-live-link-private.h"

typedef enum
{
  UNOBSERVED,
  OBSERVED,
  STOPPED,
  N_SETTINGS
} Setting;

static const char *const cpu_figures[] = { "unobserved_cpu", "observed_cpu", "stopped_cpu" };
static const char *const telling_figures[] = { "unobserved_telling", "observed_telling", "stopped_telling" };
static const char *const wall_figures[] = { "unobserved_wall", "observed_wall", "stopped_wall" };

typedef struct
{
  const BenchParams *params;
  char *dir;
  char *gate; /* a pipe that the first test reads from */
  char *end;  /* the same of the last one */
  DagschedLiveRuns *runs;
  pid_t pid;
  DagschedObserver *observer; /* (nullable) */
  DagschedLiveLink *unread;   /* (nullable) */
} Observe;

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, BENCH_ERROR, BENCH_ERROR_SYSTEM, "%s: %s", what, g_strerror (errno));
  return FALSE;
}

static gboolean
write_suite (Observe *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->dir, "dagsched.json", NULL);
  g_autoptr (GString) text =
    g_string_new ("{\"dagsched\": 1, \"name\": \"bench\", \"tests\": [\n"
                  "{\"name\": \"gate\", \"command\": [\"sh\", \"-c\", \"read x <gate\"]}");

  for (guint i = 2; i < self->params->tests; i++)
    g_string_append_printf (
      text, ",\n{\"name\": \"folder/test-%u\", \"command\": [\"/bin/true\"], \"depends\": [\"gate\"]}", i);
  /* It starts when nothing else is left to be started. */
  g_string_append (text, ",\n{\"name\": \"end\", \"command\": [\"sh\", \"-c\", \"read x <end\"], "
                         "\"depends\": [\"gate\"], \"priority\": -1}]}\n");

  return (mkfifo (self->gate, 0600) == 0 || fail (error, self->gate)) &&
         (mkfifo (self->end, 0600) == 0 || fail (error, self->end)) &&
         g_file_set_contents (path, text->str, (gssize) text->len, error);
}

static gboolean
start_runner (Observe *self, GError **error)
{
  const BenchRunner *runner = bench_runners_list ()[0];
  g_autofree char *program = bench_runner_find_program (runner);
  g_autofree char *workers = g_strdup_printf ("-j%u", self->params->workers);
  g_auto (GStrv) environment = bench_runner_dup_environment (self->dir);
  char *argv[] = { program, (char *) "run", (char *) "-q", workers, (char *) "dagsched.json", NULL };
  posix_spawn_file_actions_t actions;

  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addchdir_np (&actions, self->dir);
  posix_spawn_file_actions_addopen (&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  errno = posix_spawn (&self->pid, program, &actions, NULL, argv, environment);
  posix_spawn_file_actions_destroy (&actions);
  return errno == 0 || fail (error, program);
}

/* Borrowed; NULL: it is not there yet. */
static DagschedLiveRun *
find_run (Observe *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (DagschedLiveRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (dagsched_live_run_get_pid (run) == self->pid && dagsched_live_run_get_started_at (run) != 0)
        return run;
    }

  return NULL;
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
attach (Observe *self, const char *path, BenchResult *result, GError **error)
{
  g_autoptr (GAsyncResult) attached = NULL;
  gint64 start = bench_now ();

  dagsched_observer_connect_async (path, NULL, take_result, &attached);
  while (attached == NULL)
    g_main_context_iteration (NULL, TRUE);
  self->observer = dagsched_observer_connect_finish (attached, error);
  if (self->observer == NULL)
    return FALSE;

  bench_result_add_sample (result, "attach", "ms", (bench_now () - start) / BENCH_NS_PER_SECOND * 1e3);
  return TRUE;
}

/* Until the state has come: from then on it would be told of each change. */
static void
read_first_state (DagschedLiveLink *link)
{
  struct pollfd polled = { .fd = dagsched_live_link_get_fd (link), .events = POLLIN };
  gboolean broken, there = FALSE;
  DagschedLiveFrame frame;

  while (!there && poll (&polled, 1, -1) == 1 && dagsched_live_link_read (link) == DAGSCHED_LIVE_READ_MORE)
    {
      while (dagsched_live_link_take (link, &frame, &broken))
        there |= frame.type == DAGSCHED_LIVE_STATE;
    }
}

static gboolean
attach_and_stop (Observe *self, const char *path, GError **error)
{
  const DagschedLiveObserve observe = { DAGSCHED_LIVE_MAGIC, DAGSCHED_LIVE_VERSION };
  g_autoptr (GBytes) frame = dagsched_live_frame_new (DAGSCHED_LIVE_OBSERVE, &observe, sizeof observe);
  int fd = dagsched_live_socket_connect (path, error);

  if (fd < 0)
    return FALSE;

  self->unread = dagsched_live_link_new (fd, DAGSCHED_LIVE_MAX_PAYLOAD, TRUE);
  dagsched_live_link_send (self->unread, frame, NULL, DAGSCHED_LIVE_LASTING);
  dagsched_live_link_flush (self->unread);
  read_first_state (self->unread);
  return TRUE;
}

static gboolean
watch (Observe *self, Setting setting, BenchResult *result, GError **error)
{
  g_autofree char *path = NULL;

  while (find_run (self) == NULL)
    g_main_context_iteration (NULL, TRUE);
  path = g_strdup (dagsched_live_run_get_path (find_run (self)));
  if (setting == STOPPED)
    return attach_and_stop (self, path, error);

  return setting == UNOBSERVED || attach (self, path, result, error);
}

/* Of one thread, if it is one that tells others what happens: the thread that shows the run, and the server of
 * observers. All others do the same whether anybody observes or not. */
static gboolean
add_telling (const char *folder, const char *thread, gint64 *cpu_ns, GError **error)
{
  g_autofree char *name_path = g_build_filename (folder, thread, "comm", NULL);
  g_autofree char *path = g_build_filename (folder, thread, "schedstat", NULL);
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (!g_file_get_contents (name_path, &name, NULL, error) || !g_file_get_contents (path, &text, NULL, error))
    return FALSE;

  if (g_str_equal (g_strchomp (name), "dagsched") || g_str_equal (name, "dagsched-live"))
    *cpu_ns += g_ascii_strtoll (text, NULL, 10);
  return TRUE;
}

/* Until now. */
static gboolean
measure_telling (Observe *self, gint64 *cpu_ns, GError **error)
{
  g_autofree char *folder = g_strdup_printf ("/proc/%d/task", (int) self->pid);
  g_autoptr (GDir) threads = g_dir_open (folder, 0, error);
  const char *thread;
  gboolean measured = threads != NULL;

  *cpu_ns = 0;
  while (measured && (thread = g_dir_read_name (threads)) != NULL)
    measured = add_telling (folder, thread, cpu_ns, error);
  return measured;
}

/* Of the runner's own threads, without its children: before it is forgotten. */
static gboolean
wait_for_runner (Observe *self, gint64 *cpu_ns, GError **error)
{
  struct timespec cpu;
  clockid_t clock;
  siginfo_t info;
  int status;

  if (waitid (P_PID, (id_t) self->pid, &info, WEXITED | WNOWAIT) < 0 ||
      clock_getcpuclockid (self->pid, &clock) != 0 || clock_gettime (clock, &cpu) < 0)
    return fail (error, "the processor time of the runner");

  *cpu_ns = cpu.tv_sec * (gint64) BENCH_NS_PER_SECOND + cpu.tv_nsec;
  waitpid (self->pid, &status, 0);
  self->pid = 0;
  if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return TRUE;

  g_set_error (error, BENCH_ERROR, BENCH_ERROR_WRONG, "dagsched run: status %#x", (guint) status);
  return FALSE;
}

/* What was observed is what ran. */
static gboolean
check_observer (Observe *self, GError **error)
{
  guint n_passed;

  while (dagsched_run_get_verdict (DAGSCHED_RUN (self->observer)) == DAGSCHED_VERDICT_NONE)
    g_main_context_iteration (NULL, TRUE);
  n_passed = dagsched_run_get_n_with_outcome (DAGSCHED_RUN (self->observer), DAGSCHED_OUTCOME_PASSED);
  if (n_passed == self->params->tests)
    return TRUE;

  g_set_error (error, BENCH_ERROR, BENCH_ERROR_WRONG, "the observer saw %u of %u tests pass", n_passed,
               self->params->tests);
  return FALSE;
}

/* Waits for the test that reads from it; -1: failed. */
static int
open_pipe (const char *path, GError **error)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  if (fd < 0)
    fail (error, path);
  return fd;
}

/* The test at the other end ends. */
static gboolean
let_go_on (int fd, GError **error)
{
  gboolean written = write (fd, "\n", 1) == 1 || fail (error, "a pipe to a test");

  close (fd);
  return written;
}

/* All but the last one have ended, or are about to. */
static void
wait_for_last (Observe *self)
{
  g_autoptr (DagschedTest) last =
    g_list_model_get_item (dagsched_run_get_tests (DAGSCHED_RUN (self->observer)), self->params->tests - 1);

  while (dagsched_test_get_state (last) != DAGSCHED_STATE_RUNNING)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
run_once (Observe *self, Setting setting, BenchResult *result, GError **error)
{
  gint64 start, cpu_ns, telling_before_ns, telling_ns;
  int gate;

  if (!start_runner (self, error) || !watch (self, setting, result, error))
    return FALSE;

  gate = open_pipe (self->gate, error);
  if (gate < 0 || !measure_telling (self, &telling_before_ns, error) || !let_go_on (gate, error))
    return FALSE;
  start = bench_now ();
  if (self->observer != NULL)
    wait_for_last (self);
  gate = open_pipe (self->end, error);
  if (gate < 0 || !measure_telling (self, &telling_ns, error) || !let_go_on (gate, error))
    return FALSE;
  if (self->observer != NULL && !check_observer (self, error))
    return FALSE;
  if (!wait_for_runner (self, &cpu_ns, error))
    return FALSE;

  bench_result_add_sample (result, cpu_figures[setting], "µs/test",
                           (double) cpu_ns / BENCH_NS_PER_US / self->params->tests);
  bench_result_add_sample (result, telling_figures[setting], "µs/test",
                           (double) (telling_ns - telling_before_ns) / BENCH_NS_PER_US / self->params->tests);
  bench_result_add_sample (result, wall_figures[setting], "µs/test",
                           (double) (bench_now () - start) / BENCH_NS_PER_US / self->params->tests);
  return TRUE;
}

static void
forget (Observe *self)
{
  g_clear_object (&self->observer);
  g_clear_pointer (&self->unread, dagsched_live_link_free);
  if (self->pid > 0)
    {
      kill (self->pid, SIGKILL);
      waitpid (self->pid, NULL, 0);
    }
  self->pid = 0;
}

static gboolean
run_all_rounds (Observe *self, BenchResult *result, GError **error)
{
  gboolean measured = write_suite (self, error);

  for (guint i = 0; measured && i < self->params->rounds * N_SETTINGS; i++)
    {
      measured = run_once (self, i % N_SETTINGS, result, error);
      forget (self);
    }
  if (measured)
    bench_result_compare (result, "unobserved", "observed_cpu", "unobserved_cpu");
  return measured;
}

gboolean
bench_measure_observe (const BenchParams *params, BenchResult *result, GError **error)
{
  Observe self = { .params = params };
  gboolean measured;

  if (params->tests < 2)
    {
      g_set_error_literal (error, BENCH_ERROR, BENCH_ERROR_USAGE, "--tests: observe takes at least 2");
      return FALSE;
    }

  self.runs = dagsched_live_runs_new (error);
  self.dir = self.runs != NULL ? g_dir_make_tmp ("dagsched-bench-XXXXXX", error) : NULL;
  self.gate = self.dir != NULL ? g_build_filename (self.dir, "gate", NULL) : NULL;
  self.end = self.dir != NULL ? g_build_filename (self.dir, "end", NULL) : NULL;
  measured = self.dir != NULL && run_all_rounds (&self, result, error);
  if (self.dir != NULL)
    bench_process_remove_tree (self.dir);

  g_clear_object (&self.runs);
  g_free (self.gate);
  g_free (self.end);
  g_free (self.dir);
  return measured;
}
