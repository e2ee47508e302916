/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live-fixture.h"
#include "live/dagsched-live-directory-private.h"
#include "live/dagsched-live-encode-private.h"
#include "live/dagsched-live-link-private.h"

/* Finding runs, and what is found where no run is. */

static char *
get_directory (void)
{
  return g_build_filename (live_get_dir (), "dagsched", NULL);
}

/* Something that listens as a run does. */
typedef struct
{
  int directory;
  int listener;
  char *path;
} Fake;

static void
fake_init (Fake *self, const char *name)
{
  g_autofree char *directory = get_directory ();
  g_autoptr (GError) error = NULL;

  self->directory = dagsched_live_directory_open (TRUE, &error);
  g_assert_no_error (error);
  self->listener = dagsched_live_socket_listen (self->directory, name, &error);
  g_assert_no_error (error);
  self->path = g_build_filename (directory, name, NULL);
}

static void
fake_clear (Fake *self)
{
  g_unlink (self->path);
  close (self->listener);
  close (self->directory);
  g_free (self->path);
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
is_there (gpointer data)
{
  return *(gpointer *) data != NULL;
}

/* What becomes of an observer to which @bytes are sent, and nothing after. */
static void
assert_refused (const void *bytes, gsize length, GQuark domain, int code)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Fake fake;
  int fd;

  fake_init (&fake, "1-fake.sock");
  dagsched_observer_connect_async (fake.path, NULL, take_result, &result);
  fd = accept (fake.listener, NULL, NULL);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (send (fd, bytes, length, MSG_NOSIGNAL), ==, (ssize_t) length);
  close (fd);
  live_wait (is_there, &result);
  g_assert_null (dagsched_observer_connect_finish (result, &error));
  g_assert_error (error, domain, code);
  fake_clear (&fake);
}

static void
test_bad_publishers (Live *live, gconstpointer data)
{
  const DagschedLiveInfo info = { "suite", NULL, 0, 1 };
  g_autoptr (GBytes) first = dagsched_live_encode_info (&info);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const DagschedLiveHeader plan = { .type = DAGSCHED_LIVE_PLAN };
  const guint32 other[] = { 12, DAGSCHED_LIVE_INFO, DAGSCHED_LIVE_MAGIC, DAGSCHED_LIVE_VERSION + 7, 0 };
  guint8 junk[300];

  assert_refused ("", 0, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND);
  assert_refused (g_bytes_get_data (first, NULL), 20, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND);
  assert_refused (g_bytes_get_data (first, NULL), g_bytes_get_size (first), DAGSCHED_ERROR,
                  DAGSCHED_ERROR_NOT_FOUND);
  assert_refused (other, sizeof other, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE);
  assert_refused ("HTTP/1.1 200 OK\r\n\r\n", 19, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE);
  /* A plan without its document. */
  g_byte_array_append (bytes, g_bytes_get_data (first, NULL), (guint) g_bytes_get_size (first));
  g_byte_array_append (bytes, (const guint8 *) &plan, sizeof plan);
  assert_refused (bytes->data, bytes->len, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE);
  for (guint i = 0; i < 100; i++)
    {
      for (guint j = 0; j < sizeof junk; j++)
        junk[j] = (guint8) g_test_rand_int_range (0, 256);
      junk[3] |= 1; /* a frame that is too large */
      assert_refused (junk, sizeof junk, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE);
    }
}

/* Nobody answers: whoever waits can give up. */
static void
test_silence (Live *live, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Fake fake;

  fake_init (&fake, "1-fake.sock");
  dagsched_observer_connect_async (fake.path, cancellable, take_result, &result);
  g_cancellable_cancel (cancellable);
  live_wait (is_there, &result);
  g_assert_null (dagsched_observer_connect_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fake_clear (&fake);
}

static void
assert_not_found (const char *address, DagschedError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (live_try_to_observe (address, NULL, &error));
  g_assert_error (error, DAGSCHED_ERROR, (int) code);
}

static void
test_no_run (Live *live, gconstpointer data)
{
  g_autofree char *file = g_build_filename (live_get_dir (), "file", NULL);
  g_autofree char *left_behind = g_build_filename (live_get_dir (), "dagsched", "1-left.sock", NULL);
  Fake fake;

  assert_not_found ("/nowhere/at/all.sock", DAGSCHED_ERROR_NOT_FOUND);
  assert_not_found ("1", DAGSCHED_ERROR_NOT_FOUND);
  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  assert_not_found (file, DAGSCHED_ERROR_NOT_FOUND);
  fake_init (&fake, "1-left.sock");
  shutdown (fake.listener, SHUT_RDWR);
  close (fake.listener);
  fake.listener = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  assert_not_found (left_behind, DAGSCHED_ERROR_NOT_FOUND);
  assert_not_found ("1", DAGSCHED_ERROR_NOT_FOUND);
  fake_clear (&fake);
}

static void
test_directory (Live *live, gconstpointer data)
{
  g_autofree char *directory = get_directory ();
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (live->graph, live->options);
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (GError) error = NULL;

  live_add (live, "a", live_pass, NULL);
  dagsched_scheduler_prepare (scheduler, &error);
  g_assert_no_error (error);
  g_mkdir (directory, 0700);
  g_assert_cmpint (g_chmod (directory, 0750), ==, 0);
  g_assert_null (dagsched_publisher_new (DAGSCHED_RUN (scheduler), NULL, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "mode 750"));
  g_clear_error (&error);
  g_assert_null (dagsched_live_runs_new (&error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_cmpint (g_chmod (directory, 0700), ==, 0);

  if (geteuid () == 0)
    {
      g_assert_cmpint (chown (directory, 65534, 65534), ==, 0);
      g_assert_null (dagsched_publisher_new (DAGSCHED_RUN (scheduler), NULL, &error));
      g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, "belongs to user 65534"));
      g_clear_error (&error);
      g_assert_cmpint (chown (directory, 0, 0), ==, 0);
    }

  publisher = dagsched_publisher_new (DAGSCHED_RUN (scheduler), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (dagsched_publisher_get_path (publisher), G_FILE_TEST_EXISTS));
  dagsched_publisher_close (publisher);
  g_assert_false (g_file_test (dagsched_publisher_get_path (publisher), G_FILE_TEST_EXISTS));
}

/* What a process of another user gets to read: in the child. */
static int
count_bytes_as_other_user (const char *path)
{
  char byte;
  int fd;

  if (setgid (65534) != 0 || setuid (65534) != 0)
    return 3;
  fd = dagsched_live_socket_connect (path, NULL);
  if (fd < 0)
    return 2;
  /* It blocks until there is something, or the end. */
  fcntl (fd, F_SETFL, 0);
  return recv (fd, &byte, 1, 0) > 0 ? 1 : 0;
}

/* With the doors open on purpose, the key is still asked for. */
static void
test_other_user (Live *live, gconstpointer data)
{
  g_autofree char *directory = get_directory ();
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  int status;
  pid_t pid;

  if (geteuid () != 0)
    {
      g_test_skip ("only root can become somebody else");
      return;
    }

  live_add (live, "a", live_pass, NULL);
  scheduler = live_prepare (live, &publisher);
  g_assert_cmpint (g_chmod (live_get_dir (), 0711), ==, 0);
  g_assert_cmpint (g_chmod (directory, 0777), ==, 0);
  g_assert_cmpint (g_chmod (dagsched_publisher_get_path (publisher), 0777), ==, 0);
  pid = fork ();
  if (pid == 0)
    _exit (count_bytes_as_other_user (dagsched_publisher_get_path (publisher)));
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_cmpint (g_chmod (directory, 0700), ==, 0);
  g_assert_cmpint (g_chmod (live_get_dir (), 0700), ==, 0);
}

static DagschedLiveRun *
get_run (DagschedLiveRuns *runs, guint position)
{
  g_autoptr (DagschedLiveRun) run = g_list_model_get_item (G_LIST_MODEL (runs), position);

  return run; /* the list keeps it */
}

static gboolean
has_two (gpointer runs)
{
  return g_list_model_get_n_items (runs) == 2;
}

static gboolean
has_one (gpointer runs)
{
  return g_list_model_get_n_items (runs) == 1;
}

static gboolean
has_none (gpointer runs)
{
  return g_list_model_get_n_items (runs) == 0;
}

static gboolean
has_started (gpointer run)
{
  return dagsched_live_run_get_started_at (run) != 0;
}

static void
test_list (Live *live, gconstpointer data)
{
  g_autoptr (DagschedLiveRuns) runs = NULL;
  g_autoptr (DagschedPublisher) first = NULL;
  g_autoptr (DagschedPublisher) second = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  g_autoptr (GError) error = NULL;
  DagschedLiveRun *run;

  live_add (live, "a", live_pass, NULL);
  scheduler = live_prepare (live, &first);
  runs = dagsched_live_runs_new (&error);
  g_assert_no_error (error);
  live_wait (has_one, runs);
  run = get_run (runs, 0);
  g_assert_cmpstr (dagsched_live_run_get_name (run), ==, "suite");
  g_assert_cmpint (dagsched_live_run_get_pid (run), ==, (int) getpid ());
  g_assert_cmpuint (dagsched_live_run_get_n_tests (run), ==, 1);
  g_assert_cmpstr (dagsched_live_run_get_path (run), ==, dagsched_publisher_get_path (first));
  g_assert_cmpint (dagsched_live_run_get_started_at (run), ==, 0);

  /* One that comes later is told of by the directory, one that starts by itself. */
  second = dagsched_publisher_new (DAGSCHED_RUN (scheduler), NULL, &error);
  g_assert_no_error (error);
  live_wait (has_two, runs);
  live_run (scheduler);
  live_wait (has_started, run);
  g_assert_cmpint (dagsched_live_run_get_started_at (run), ==,
                   dagsched_run_get_started_at (DAGSCHED_RUN (scheduler)));
  observer = live_observe (dagsched_live_run_get_path (run));
  g_clear_object (&first);
  live_wait (has_one, runs);
  g_assert_cmpstr (dagsched_live_run_get_path (get_run (runs, 0)), ==, dagsched_publisher_get_path (second));
  g_clear_object (&second);
  live_wait (has_none, runs);
  live_wait_for_end (DAGSCHED_RUN (scheduler));
}

/* What a dead run left is cleared away; what is no socket of ours is not. */
static void
test_left_behind (Live *live, gconstpointer data)
{
  g_autofree char *directory = get_directory ();
  g_autofree char *file = g_build_filename (directory, "notes.sock", NULL);
  g_autoptr (DagschedLiveRuns) runs = NULL;
  g_autoptr (GError) error = NULL;
  Fake dead, strange;

  fake_init (&dead, "1-dead.sock");
  shutdown (dead.listener, SHUT_RDWR);
  close (dead.listener);
  dead.listener = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  fake_init (&strange, "2-strange.sock");
  g_assert_true (g_file_set_contents (file, "keep", -1, NULL));
  runs = dagsched_live_runs_new (&error);
  g_assert_no_error (error);
  g_assert_false (g_file_test (dead.path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (strange.path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (runs)), ==, 0);
  g_unlink (file);
  fake_clear (&dead);
  fake_clear (&strange);
}

int
main (int argc, char *argv[])
{
  live_init (&argc, &argv);

  LIVE_ADD ("/runs/bad-publishers", NULL, test_bad_publishers);
  LIVE_ADD ("/runs/silence", NULL, test_silence);
  LIVE_ADD ("/runs/no-run", NULL, test_no_run);
  LIVE_ADD ("/runs/directory", NULL, test_directory);
  LIVE_ADD ("/runs/other-user", NULL, test_other_user);
  LIVE_ADD ("/runs/list", NULL, test_list);
  LIVE_ADD ("/runs/left-behind", NULL, test_left_behind);

  return live_run_tests ();
}
