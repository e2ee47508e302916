/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sample-run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/dagsched-json-line-private.h"
#include "store/dagsched-log-file-private.h"
#include "store/dagsched-log-pipe-private.h"

typedef struct
{
  char *dir;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->dir = sample_dir_new ();
  fixture->path = g_build_filename (fixture->dir, "log", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  sample_dir_remove (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
}

static void
assert_content (const char *path, const char *expected)
{
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, expected);
}

static void
assert_refused (const char *path, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedLogFile) file = dagsched_log_file_open (path, &error);

  g_assert_null (file);
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, words));
}

static DagschedLogFile *
open_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  DagschedLogFile *file = dagsched_log_file_open (path, &error);

  g_assert_no_error (error);

  return file;
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (fixture->dir, "no", "log", NULL);
  g_autofree char *below = g_build_filename (fixture->path, "log", NULL);
  g_autofree char *fifo = g_build_filename (fixture->dir, "fifo", NULL);

  g_assert_true (g_file_set_contents (fixture->path, "precious\n", -1, NULL));
  assert_refused (fixture->path, "not a run log");
  assert_content (fixture->path, "precious\n");
  assert_refused (missing, g_strerror (ENOENT));
  assert_refused (below, g_strerror (ENOTDIR));
  assert_refused (fixture->dir, g_strerror (EISDIR));
  assert_refused ("/proc/dagsched-log", g_strerror (ENOENT));
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_refused (fifo, "standard output");
}

static void
test_replaced (Fixture *fixture, gconstpointer data)
{
  static const char old[] = "{\"dagsched-log\":1}\nold\n";
  g_autoptr (GError) error = NULL;
  DagschedLogFile *file;

  g_assert_true (g_file_set_contents (fixture->path, old, -1, NULL));
  file = open_file (fixture->path);
  assert_content (fixture->path, old); /* until the run starts: it may not */
  dagsched_log_file_free (file);
  assert_content (fixture->path, old);

  file = open_file (fixture->path);
  g_assert_true (dagsched_log_file_begin (file, NULL, &error));
  g_assert_true (dagsched_log_file_append (file, "new\n", 4, NULL, &error));
  assert_content (fixture->path, "new\n");
  dagsched_log_file_free (file);
}

static void
test_never_begun (Fixture *fixture, gconstpointer data)
{
  dagsched_log_file_free (open_file (fixture->path));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_live_one (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedLogFile) first = open_file (fixture->path);

  assert_refused (fixture->path, "another run");
  dagsched_log_file_unlock (first);
  dagsched_log_file_free (open_file (fixture->path));
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedLogFile) file = open_file ("/dev/full");
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_log_file_begin (file, NULL, &error));
  g_assert_false (dagsched_log_file_append (file, "x\n", 2, NULL, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG);
  g_assert_nonnull (strstr (error->message, "/dev/full"));
  g_assert_nonnull (strstr (error->message, g_strerror (ENOSPC)));
}

static guint n_failures;

static void
on_failure (gpointer data, GError *error)
{
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG);
  g_error_free (error);
  n_failures++;
}

/* A file that may grow to a size and no further stands for a disk that fills up. */
static void
test_torn (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedLogFile) file = open_file (fixture->path);
  struct rlimit old, limited;
  g_autoptr (GError) error = NULL;
  gint64 offset = -1;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  limited = old;
  limited.rlim_cur = 7;
  g_assert_true (dagsched_log_file_begin (file, NULL, &error));

  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limited), ==, 0);
  g_assert_true (dagsched_log_file_append (file, "one\n", 4, NULL, &error));
  g_assert_false (dagsched_log_file_append (file, "second\n", 7, NULL, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG);
  g_clear_error (&error);
  g_assert_false (dagsched_log_file_append (file, "no\n", 3, NULL, &error));
  g_clear_error (&error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);

  g_assert_true (dagsched_log_file_append (file, "third\n", 6, &offset, &error));
  g_assert_no_error (error);
  g_assert_cmpint (offset, ==, 8);
  g_assert_true (dagsched_log_file_append (file, "fourth\n", 7, &offset, &error));
  assert_content (fixture->path, "one\nsec\nthird\nfourth\n");
}

/* The run is told once, though every line fails; and no output is given away to a full disk. */
static void
test_run_is_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRunLogWriter) writer = dagsched_run_log_writer_new (fixture->path, &error);
  g_autoptr (SampleRun) sample = sample_run_new ();
  const DagschedTicket ticket = { .test = 1, .attempt = 1 };
  DagschedAttemptRecord record = { .result = &(DagschedResult){ .standard_output = sample->large } };
  struct rlimit old, none;
  gint64 offset = -1;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_no_error (error);
  g_assert_true (
    dagsched_run_log_writer_begin (writer, &sample->header, &sample->plan, on_failure, NULL, &error));

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  none = old;
  none.rlim_cur = 1;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &none), ==, 0);
  dagsched_run_log_writer_started (writer, &ticket, 0);
  dagsched_run_log_writer_attempt (writer, &record, &offset);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);

  g_assert_cmpuint (n_failures, ==, 1);
  g_assert_cmpint (offset, ==, -1);
  dagsched_run_log_writer_end (writer, DAGSCHED_VERDICT_INCOMPLETE, "full", 0);
  g_assert_false (dagsched_run_log_writer_close (writer, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG);
}

static guint
count_files (const char *path, const char *part)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += strstr (name, part) != NULL;

  return n;
}

static void
make_log (const char *dir, guint number)
{
  g_autofree char *name = g_strdup_printf ("20200101T0000%02u.000000Z-old-%u.jsonl", number, number);
  g_autofree char *path = g_build_filename (dir, name, NULL);

  g_assert_true (g_file_set_contents (path, "{\"dagsched-log\":1}\n", -1, NULL));
}

static void
test_newest_are_kept (Fixture *fixture, gconstpointer data)
{
  g_autofree char *dir = g_build_filename (fixture->dir, "state", "runs", NULL);
  g_autofree char *oldest = g_build_filename (dir, "20200101T000000.000000Z-old-0.jsonl", NULL);
  g_autofree char *second = g_build_filename (dir, "20200101T000001.000000Z-old-1.jsonl", NULL);
  g_autofree char *newest = g_build_filename (dir, "20200101T000009.000000Z-old-9.jsonl", NULL);
  g_autofree char *other = g_build_filename (dir, "00000000-notes.jsonl", NULL);
  g_autofree char *died = g_build_filename (dir, ".20200101T000000.000000Z-1.jsonl", NULL);
  g_autoptr (DagschedLogFile) live = NULL, file = NULL;
  g_autoptr (GError) error = NULL;
  struct stat info;

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  for (guint i = 0; i < 10; i++)
    make_log (dir, i);
  g_assert_true (g_file_set_contents (other, "mine\n", -1, NULL));
  g_assert_true (g_file_set_contents (died, "", 0, NULL));
  live = open_file (oldest);

  file = dagsched_log_file_open_in (dir, 5, &error);
  g_assert_no_error (error);
  g_assert_true (dagsched_log_file_begin (file, "a/suite ü", &error));

  g_assert_cmpuint (count_files (dir, "-old-"), ==, 5); /* four, and the one that is being written */
  g_assert_true (g_file_test (oldest, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (second, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (newest, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (died, G_FILE_TEST_EXISTS));
  g_assert_nonnull (strstr (dagsched_log_file_get_path (file), "Z-a-suite---"));
  g_assert_cmpint (stat (dagsched_log_file_get_path (file), &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_default_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRunLogWriter) writer = dagsched_run_log_writer_new (NULL, &error);
  g_autoptr (SampleRun) sample = sample_run_new ();
  g_autofree char *dir = g_build_filename (g_get_user_state_dir (), "dagsched", "runs", NULL);
  struct stat info;
  gint64 offset;

  g_assert_no_error (error);
  sample_run_write (sample, writer, &offset);
  g_assert_true (g_str_has_prefix (dagsched_run_log_writer_get_path (writer), dir));
  g_assert_nonnull (strstr (dagsched_run_log_writer_get_path (writer), "-a-suite-"));
  g_assert_cmpint (stat (dir, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  for (guint i = 0; i < 55; i++)
    make_log (dir, i);
  dagsched_log_file_free (dagsched_log_file_open_in (dir, 50, &error));
  g_assert_cmpuint (count_files (dir, ".jsonl"), ==, 50 - 1); /* that one was never begun */
}

static char *
read_all (int fd)
{
  GString *text = g_string_new (NULL);
  char buffer[4096];
  ssize_t n;

  while ((n = read (fd, buffer, sizeof buffer)) > 0)
    g_string_append_len (text, buffer, n);
  close (fd);

  return g_string_free (text, FALSE);
}

static gpointer
read_all_in_thread (gpointer data)
{
  return read_all (GPOINTER_TO_INT (data));
}

/* More than a pipe holds is pushed before anybody reads. */
static void
test_pipe (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *got = NULL;
  DagschedLogPipe *log;
  GThread *reader;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  if (data != NULL)
    fcntl (fds[1], F_SETFL, O_NONBLOCK);
  log = dagsched_log_pipe_new (fds[1], &error);
  g_assert_no_error (error);
  close (fds[1]);

  for (guint i = 0; i < 50000; i++)
    {
      gsize start = expected->len;

      g_string_append_printf (expected, "line number %u\n", i);
      dagsched_log_pipe_push (log, expected->str + start, expected->len - start);
    }
  reader = g_thread_new ("reader", read_all_in_thread, GINT_TO_POINTER (fds[0]));
  g_assert_true (dagsched_log_pipe_close (log, &error));
  dagsched_log_pipe_free (log);
  got = g_thread_join (reader);
  g_assert_cmpstr (got, ==, expected->str);
}

/* Neither an error nor a signal, and no hanging. */
static void
test_pipe_closed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedLogPipe) log = NULL;
  int fds[2];

  signal (SIGPIPE, SIG_DFL);
  g_assert_cmpint (pipe (fds), ==, 0);
  log = dagsched_log_pipe_new (fds[1], &error);
  close (fds[0]);
  close (fds[1]);
  for (guint i = 0; i < 100; i++)
    dagsched_log_pipe_push (log, "x\n", 2);
  g_assert_true (dagsched_log_pipe_close (log, &error));
  g_assert_no_error (error);
}

static void
test_pipe_full (Fixture *fixture, gconstpointer data)
{
  int fd = open ("/dev/full", O_WRONLY | O_CLOEXEC);
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedLogPipe) log = dagsched_log_pipe_new (fd, &error);

  close (fd);
  dagsched_log_pipe_push (log, "x\n", 2);
  g_assert_false (dagsched_log_pipe_close (log, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG);
  g_assert_nonnull (strstr (error->message, g_strerror (ENOSPC)));

  g_clear_error (&error);
  g_assert_null (dagsched_log_pipe_new (-1, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG);
}

/* Given up without a reader: nothing waits; and what was pushed still arrives. */
static void
test_pipe_freed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *line = g_strnfill (1 << 20, 'x'), *got = NULL;
  DagschedLogPipe *log;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  log = dagsched_log_pipe_new (fds[1], NULL);
  close (fds[1]);
  dagsched_log_pipe_push (log, line, 1 << 20);
  dagsched_log_pipe_free (log);
  got = read_all (fds[0]);
  g_assert_cmpstr (got, ==, line);
}

static void
test_writer_for_pipe (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SampleRun) sample = sample_run_new ();
  g_autofree char *in_file = sample_run_dup_lines (sample), *in_pipe = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRunLogWriter) writer = NULL;
  GThread *reader;
  gint64 offset;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  writer = dagsched_run_log_writer_new_for_fd (fds[1], &error);
  g_assert_no_error (error);
  close (fds[1]);
  reader = g_thread_new ("reader", read_all_in_thread, GINT_TO_POINTER (fds[0]));
  sample_run_write (sample, writer, &offset);
  g_assert_cmpint (offset, ==, -1); /* a pipe can't be read back */
  g_assert_null (dagsched_run_log_writer_get_path (writer));
  g_assert_true (dagsched_run_log_writer_close (writer, &error));
  in_pipe = g_thread_join (reader);
  g_assert_cmpstr (in_pipe, ==, in_file);
}

#define N_THREADS 4
#define N_LINES 2000

static gpointer
write_many (gpointer writer)
{
  DagschedAttemptRecord record = { .outcome = DAGSCHED_OUTCOME_PASSED,
                                   .result = &(DagschedResult) DAGSCHED_RESULT_INIT };
  gint64 offset = -1;

  for (guint i = 0; i < N_LINES; i++)
    {
      record.attempt = i;
      dagsched_run_log_writer_attempt (writer, &record, &offset);
    }

  return NULL;
}

static void
test_many_threads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRunLogWriter) writer = dagsched_run_log_writer_new (fixture->path, &error);
  g_autoptr (SampleRun) sample = sample_run_new ();
  g_autoptr (GFile) file = g_file_new_for_path (fixture->path);
  g_autoptr (DagschedRunLog) log = NULL;
  g_autoptr (GPtrArray) attempts = NULL;
  g_autoptr (DagschedTest) test = NULL;
  GThread *threads[N_THREADS];

  g_assert_true (dagsched_run_log_writer_begin (writer, &sample->header, &sample->plan, NULL, NULL, &error));
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("writer", write_many, writer);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_true (dagsched_run_log_writer_close (writer, &error));

  log = dagsched_run_log_load (file, &error);
  g_assert_no_error (error);
  g_assert_null (dagsched_run_log_get_warnings (log)[0]);
  dagsched_run_log_replay (log);
  test = g_list_model_get_item (dagsched_run_get_tests (DAGSCHED_RUN (log)), 0);
  attempts = dagsched_run_dup_attempts (DAGSCHED_RUN (log), test);
  g_assert_cmpuint (attempts->len, ==, N_THREADS * N_LINES);
}

#define ADD(path, data, func) g_test_add ("/log-file/" path, Fixture, data, set_up, func, tear_down)

static void
test_numbers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) line = g_string_new (NULL);

  dagsched_json_open (line, NULL, '[');
  dagsched_json_add_int (line, NULL, 0);
  dagsched_json_add_int (line, NULL, -1);
  dagsched_json_add_int (line, NULL, G_MAXINT64);
  dagsched_json_add_int (line, NULL, G_MININT64);
  dagsched_json_add_seconds (line, NULL, 0);
  dagsched_json_add_seconds (line, NULL, 999);
  dagsched_json_add_seconds (line, NULL, -999);
  dagsched_json_add_seconds (line, NULL, 12000034567);
  dagsched_json_add_seconds (line, NULL, -1500000);
  dagsched_json_close (line, ']');

  g_assert_cmpstr (
    line->str, ==,
    "[0,-1,9223372036854775807,-9223372036854775808,0.000000,0.000000,0.000000,12.000034,-0.001500]");
}

int
main (int argc, char **argv)
{
  /* Not by G_TEST_OPTION_ISOLATE_DIRS: what that leaks looks as if we leaked it. */
  char *state = sample_dir_new ();
  int status;

  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_test_init (&argc, &argv, NULL);

  ADD ("refused", NULL, test_refused);
  ADD ("replaced", NULL, test_replaced);
  ADD ("never-begun", NULL, test_never_begun);
  ADD ("live-one", NULL, test_live_one);
  ADD ("full", NULL, test_full);
  ADD ("torn", NULL, test_torn);
  ADD ("run-is-told", NULL, test_run_is_told);
  ADD ("newest-are-kept", NULL, test_newest_are_kept);
  ADD ("default-place", NULL, test_default_place);
  ADD ("pipe", NULL, test_pipe);
  ADD ("pipe-non-blocking", "non-blocking", test_pipe);
  ADD ("pipe-closed", NULL, test_pipe_closed);
  ADD ("pipe-full", NULL, test_pipe_full);
  ADD ("pipe-freed", NULL, test_pipe_freed);
  ADD ("writer-for-pipe", NULL, test_writer_for_pipe);
  ADD ("many-threads", NULL, test_many_threads);
  ADD ("numbers", NULL, test_numbers);

  status = g_test_run ();
  sample_dir_remove (state);
  g_free (state);
  return status;
}
