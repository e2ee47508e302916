/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <glib/gstdio.h>

/* The file of a history, of any bytes. */

static const char log_text[] =
  "{\"dagsched-log\":1,\"name\":\"s\",\"started-at\":\"2026-01-01T00:00:00.000000Z\",\"n-tests\":2,\"n-"
  "workers\":1}\n"
  "{\"test\":0,\"name\":\"a\"}\n"
  "{\"test\":1,\"name\":\"b\"}\n"
  "{\"event\":\"attempt\",\"test\":0,\"time\":1,\"attempt\":1,\"outcome\":\"passed\",\"start\":0,"
  "\"duration\":1}\n"
  "{\"event\":\"finished\",\"test\":0,\"time\":1,\"outcome\":\"passed\",\"attempts\":1}\n"
  "{\"event\":\"attempt\",\"test\":1,\"time\":2,\"attempt\":1,\"outcome\":\"failed\",\"start\":1,"
  "\"duration\":1}\n"
  "{\"event\":\"finished\",\"test\":1,\"time\":2,\"outcome\":\"failed\",\"attempts\":1}\n"
  "{\"event\":\"end\",\"time\":2,\"verdict\":\"failure\"}\n";

/* One run for all inputs. */
static DagschedRun *
get_run (void)
{
  static DagschedRunLog *log;
  g_autoptr (GFile) file = NULL;

  if (log == NULL)
    {
      file = g_file_new_for_path (fuzz_file ((const uint8_t *) log_text, strlen (log_text)));
      log = dagsched_run_log_load (file, NULL);
      dagsched_run_log_replay (log);
    }
  return DAGSCHED_RUN (log);
}

static void
use (DagschedHistory *history)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("s");
  g_autoptr (DagschedCommandTest) test = dagsched_command_test_new ("a", NULL);
  g_autoptr (GArray) results = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done;

  g_assert_true (dagsched_graph_add_test (graph, DAGSCHED_TEST (test), NULL));
  done = dagsched_history_apply (history, graph, &error);
  fuzz_check_error (done, error);
  g_clear_error (&error);

  done = dagsched_history_record (history, get_run (), &error);
  fuzz_check_error (done, error);
  g_clear_error (&error);

  results = dagsched_history_dup_results (history, "s", "a", &error);
  fuzz_check_error (results != NULL, error);
  for (guint i = 0; results != NULL && i < results->len; i++)
    {
      const DagschedHistoryResult *result = &g_array_index (results, DagschedHistoryResult, i);

      g_assert_true (result->outcome > DAGSCHED_OUTCOME_NONE && result->outcome < DAGSCHED_N_OUTCOMES);
    }
}

FUZZ_READER (history)
{
  static const char *const left[] = { "-wal", "-shm", "-journal" };
  g_autofree char *path = g_build_filename (fuzz_directory (), "history.db", NULL);
  g_autoptr (DagschedHistory) history = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (left); i++)
    {
      g_autofree char *other = g_strconcat (path, left[i], NULL);

      g_unlink (other);
    }
  fuzz_write (path, data, size);
  history = dagsched_history_open (path, &error);
  fuzz_check_error (history != NULL, error);
  if (history != NULL)
    use (history);
  return 0;
}
