/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-history-private.h"

#include <errno.h>
#include <string.h>

#include "base/dagsched-error.h"
#include "run/dagsched-earlier-private.h"
#include "store/dagsched-history-database-private.h"

#define MAX_DURATIONS 10
#define N_SLOTS 20                 /* results of a test that are kept */
#define FORGOTTEN_AFTER "31536000" /* seconds: a year */

/**
 * DagschedHistory:
 *
 * What is known of earlier runs: durations and outcomes of each suite's tests.
 *
 * It is kept in an SQLite database, which several programs may use at once. Of each test, the last 20
 * results are kept; a test that has not run for a year is forgotten. To be used from one thread at a
 * time.
 *
 * Since: 1.0
 */
struct _DagschedHistory
{
  GObject parent_instance;

  sqlite3 *db;
};

G_DEFINE_FINAL_TYPE (DagschedHistory, dagsched_history, G_TYPE_OBJECT)

static char *
dup_default_path (GError **error)
{
  g_autofree char *directory = g_build_filename (g_get_user_state_dir (), "dagsched", NULL);

  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED,
                   "%s: can't create the directory for the history: %s", directory, g_strerror (errno));
      return NULL;
    }

  return g_build_filename (directory, "history.db", NULL);
}

/**
 * dagsched_history_open:
 * @path: (nullable) (type filename): the database; %NULL: `$XDG_STATE_HOME/dagsched/history.db`
 * @error: return location for an error
 *
 * Opens the history, or creates it.
 *
 * Errors: %DAGSCHED_ERROR_PARSE if the file is damaged, of a newer version or something else;
 * %DAGSCHED_ERROR_FAILED if it can't be opened or written. A run can go on without a history.
 *
 * Returns: (transfer full): the history, or %NULL with @error set
 *
 * Since: 1.0
 */
DagschedHistory *
dagsched_history_open (const char *path, GError **error)
{
  g_autofree char *default_path = NULL;
  DagschedHistory *self;
  sqlite3 *db;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (path == NULL)
    {
      default_path = dup_default_path (error);
      if (default_path == NULL)
        return NULL;
      path = default_path;
    }

  db = dagsched_history_database_open (path, error);
  if (db == NULL)
    return NULL;

  self = g_object_new (DAGSCHED_TYPE_HISTORY, NULL);
  self->db = db;

  return self;
}

sqlite3 *
dagsched_history_get_database (DagschedHistory *self)
{
  return self->db;
}

static int
compare_doubles (const void *a, const void *b)
{
  const double *x = a, *y = b;

  return *x < *y ? -1 : *x > *y;
}

double
dagsched_history_robust_mean (double *durations, guint n_durations)
{
  guint n_dropped = (n_durations + 1) / 4;
  double sum = 0.0;

  if (n_durations == 0)
    return 0.0;

  qsort (durations, n_durations, sizeof *durations, compare_doubles);
  for (guint i = n_dropped; i < n_durations - n_dropped; i++)
    sum += durations[i];

  return sum / (n_durations - 2 * n_dropped);
}

static guint
read_durations (const char *text, double *durations)
{
  guint n = 0;

  for (char *end; n < MAX_DURATIONS; text = end)
    {
      durations[n] = g_ascii_strtod (text, &end);
      if (end == text)
        break;
      n += durations[n] >= 0.0; /* false for what is no number */
    }

  return n;
}

/* Where the first @n_words of @text end, if there are as many. */
static const char *
skip_words (const char *text, guint n_words)
{
  for (guint i = 0; i < n_words; i++)
    {
      text += strspn (text, " ");
      text += strcspn (text, " ");
    }

  return text;
}

/* @latest, and as many of the @earlier as there is room for. Free it. */
static char *
dup_durations (double latest, const char *earlier)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (number, sizeof number, "%.6f", latest);
  return g_strdup_printf ("%s%s%.*s", number, *earlier != '\0' ? " " : "",
                          (int) (skip_words (earlier, MAX_DURATIONS - 1) - earlier), earlier);
}

static void
set_expected_duration (DagschedGraph *graph, const char *name, const char *text)
{
  DagschedTest *test = dagsched_graph_lookup (graph, name);
  double durations[MAX_DURATIONS], mean;

  if (test == NULL)
    return;

  mean = dagsched_history_robust_mean (durations, read_durations (text, durations));
  if (mean > 0.0)
    dagsched_test_set_expected_duration (test, mean);
}

/**
 * dagsched_history_apply:
 * @self: a history
 * @graph: a graph; its name says which suite it is
 * @error: return location for an error
 *
 * Sets [property@Test:expected-duration] of each test of which a success is known.
 *
 * It is the robust mean of the last 10 durations of successes at most: a quarter of them is left out
 * at either end, so that a run on a busy machine does not count.
 *
 * Errors: %DAGSCHED_ERROR_PARSE if the file is damaged, %DAGSCHED_ERROR_FAILED if it can't be read.
 *
 * Returns: whether the history could be read
 *
 * Since: 1.0
 */
gboolean
dagsched_history_apply (DagschedHistory *self, DagschedGraph *graph, GError **error)
{
  static const char query[] = "SELECT test.name, test.durations FROM suite JOIN test ON test.suite = suite.id"
                              "  WHERE suite.name = ?";
  g_autoptr (sqlite3_stmt) statement = NULL;
  const char *name;
  int code;

  g_return_val_if_fail (DAGSCHED_IS_HISTORY (self), FALSE);
  g_return_val_if_fail (DAGSCHED_IS_GRAPH (graph), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  statement = dagsched_history_database_prepare (self->db, query, "read", error);
  if (statement == NULL)
    return FALSE;

  name = dagsched_graph_get_name (graph);
  sqlite3_bind_text (statement, 1, name != NULL ? name : "", -1, SQLITE_TRANSIENT);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    set_expected_duration (graph, (const char *) sqlite3_column_text (statement, 0),
                           (const char *) sqlite3_column_text (statement, 1));

  return code == SQLITE_DONE || dagsched_history_database_fail (self->db, "read", error);
}

typedef struct
{
  sqlite3 *db;
  gint64 suite;
  gint64 started_at;        /* seconds since 1970 */
  DagschedEarlier *earlier; /* (nullable) of the run that this one went on from */
  sqlite3_stmt *find;
  sqlite3_stmt *insert;
  sqlite3_stmt *update;
  sqlite3_stmt *add;
} Recording;

/* What is known of a test from before. */
typedef struct
{
  gint64 id; /* 0: nothing */
  gint64 n_runs;
  char *durations;
} Known;

static gboolean
fail_writing (Recording *recording, GError **error)
{
  return dagsched_history_database_fail (recording->db, "write", error);
}

static gboolean
step (sqlite3_stmt *statement)
{
  gboolean is_done = sqlite3_step (statement) == SQLITE_DONE;

  return sqlite3_reset (statement) == SQLITE_OK && is_done;
}

static gboolean
find_test (Recording *recording, DagschedTest *test, Known *known)
{
  sqlite3_stmt *find = recording->find;

  sqlite3_bind_int64 (find, 1, recording->suite);
  sqlite3_bind_text (find, 2, dagsched_test_get_name (test), -1, SQLITE_STATIC);
  *known = (Known){ 0 };
  if (sqlite3_step (find) == SQLITE_ROW)
    {
      known->id = sqlite3_column_int64 (find, 0);
      known->n_runs = sqlite3_column_int64 (find, 1);
      known->durations = g_strdup ((const char *) sqlite3_column_text (find, 2));
    }

  return sqlite3_reset (find) == SQLITE_OK;
}

/* With that of @test, if it succeeded. Free it. */
static char *
dup_latest_durations (DagschedTest *test, const char *known)
{
  if (known == NULL)
    known = "";

  return dagsched_outcome_is_success (dagsched_test_get_outcome (test))
           ? dup_durations (dagsched_test_get_duration (test), known)
           : g_strdup (known);
}

/* Sets the test's number and how often it had run. (One statement with RETURNING would do all of this, but
 * builds a table in memory each time.) */
static gboolean
count_run (Recording *recording, DagschedTest *test, gint64 *id, gint64 *n_runs)
{
  Known known;
  gboolean is_found = find_test (recording, test, &known);
  sqlite3_stmt *count = known.id != 0 ? recording->update : recording->insert;
  g_autofree char *durations = dup_latest_durations (test, known.durations);
  gboolean is_done;

  g_free (known.durations);
  if (!is_found)
    return FALSE;

  sqlite3_bind_int (count, 1, dagsched_outcome_is_failure (dagsched_test_get_outcome (test)));
  sqlite3_bind_int (count, 2, (dagsched_test_get_flags (test) & DAGSCHED_FLAGS_FLAKY) != 0);
  sqlite3_bind_int64 (count, 3, recording->started_at);
  sqlite3_bind_text (count, 4, durations, -1, SQLITE_STATIC);
  if (known.id != 0)
    sqlite3_bind_int64 (count, 5, known.id);
  else
    {
      sqlite3_bind_int64 (count, 5, recording->suite);
      sqlite3_bind_text (count, 6, dagsched_test_get_name (test), -1, SQLITE_STATIC);
    }
  is_done = step (count);
  *id = known.id != 0 ? known.id : sqlite3_last_insert_rowid (recording->db);
  *n_runs = known.n_runs;

  return is_done;
}

static gboolean
record_test (Recording *recording, DagschedTest *test)
{
  sqlite3_stmt *add = recording->add;
  gint64 id, n_runs;

  if (!count_run (recording, test, &id, &n_runs))
    return FALSE;

  sqlite3_bind_int64 (add, 1, id);
  sqlite3_bind_int64 (add, 2, n_runs);
  sqlite3_bind_int64 (add, 3, recording->started_at);
  sqlite3_bind_text (add, 4, dagsched_outcome_to_string (dagsched_test_get_outcome (test)), -1,
                     SQLITE_STATIC);
  sqlite3_bind_int (add, 5, (dagsched_test_get_flags (test) & DAGSCHED_FLAGS_FLAKY) != 0);
  sqlite3_bind_int (add, 6, (int) dagsched_test_get_n_attempts (test));
  sqlite3_bind_double (add, 7, dagsched_test_get_duration (test));

  return step (add);
}

/* What never ran, or was not let finish, says nothing. */
static gboolean
says_something (DagschedTest *test)
{
  DagschedOutcome outcome = dagsched_test_get_outcome (test);

  return dagsched_test_get_n_attempts (test) > 0 && outcome != DAGSCHED_OUTCOME_NONE &&
         outcome != DAGSCHED_OUTCOME_CANCELLED && outcome != DAGSCHED_OUTCOME_BLOCKED;
}

/* The run that it was part of has told of it, before it was gone on with. */
static gboolean
is_known (DagschedEarlier *earlier, guint32 number)
{
  return earlier != NULL && earlier->is_recorded && dagsched_earlier_find (earlier, number) != NULL;
}

static gboolean
record_tests (Recording *recording, GListModel *tests, GError **error)
{
  guint n_tests = g_list_model_get_n_items (tests);

  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);

      if (says_something (test) && !is_known (recording->earlier, i) && !record_test (recording, test))
        return fail_writing (recording, error);
    }

  return TRUE;
}

static gboolean
find_suite (Recording *recording, const char *name, GError **error)
{
  static const char add[] =
    "INSERT INTO suite (name) VALUES (?) ON CONFLICT DO UPDATE SET name = name RETURNING id";
  g_autoptr (sqlite3_stmt) statement = dagsched_history_database_prepare (recording->db, add, "write", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, name != NULL ? name : "", -1, SQLITE_TRANSIENT);
  if (sqlite3_step (statement) != SQLITE_ROW)
    return fail_writing (recording, error);

  recording->suite = sqlite3_column_int64 (statement, 0);

  return TRUE;
}

static gboolean
forget_old_tests (Recording *recording, GError **error)
{
  static const char forget[] = "DELETE FROM test WHERE suite = ? AND last_run < ? - " FORGOTTEN_AFTER;
  g_autoptr (sqlite3_stmt) statement =
    dagsched_history_database_prepare (recording->db, forget, "write", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, recording->suite);
  sqlite3_bind_int64 (statement, 2, recording->started_at);

  return step (statement) || fail_writing (recording, error);
}

static gboolean
prepare (Recording *recording, GError **error)
{
  static const char find[] = "SELECT id, n_runs, durations FROM test WHERE suite = ? AND name = ?";
  static const char insert[] =
    "INSERT INTO test (n_runs, n_failures, n_flaky, last_run, durations, suite, name)"
    "  VALUES (1, ?, ?, ?, ?, ?, ?)";
  static const char update[] =
    "UPDATE test SET n_runs = n_runs + 1, n_failures = n_failures + ?, n_flaky = n_flaky + ?, last_run = ?,"
    "    durations = ?"
    "  WHERE id = ?";
  /* In place: the index of tests stays as it is. */
  static const char add[] =
    "INSERT INTO result (test, slot, run, started_at, outcome, flaky, n_attempts, duration)"
    "  VALUES (?1, ?2 % " G_STRINGIFY (
      N_SLOTS) ", ?2, ?3, ?4, ?5, ?6, ?7)"
               "  ON CONFLICT DO UPDATE SET run = excluded.run, started_at = excluded.started_at,"
               "    outcome = excluded.outcome, flaky = excluded.flaky, n_attempts = excluded.n_attempts,"
               "    duration = excluded.duration";

  recording->find = dagsched_history_database_prepare (recording->db, find, "write", error);
  if (recording->find != NULL)
    recording->insert = dagsched_history_database_prepare (recording->db, insert, "write", error);
  if (recording->insert != NULL)
    recording->update = dagsched_history_database_prepare (recording->db, update, "write", error);
  if (recording->update != NULL)
    recording->add = dagsched_history_database_prepare (recording->db, add, "write", error);

  return recording->add != NULL;
}

/* Inside a transaction. */
static gboolean
record_run (sqlite3 *db, DagschedRun *run, GError **error)
{
  Recording recording = { .db = db, .started_at = dagsched_run_get_started_at (run) / G_USEC_PER_SEC };
  gboolean is_done;

  if (DAGSCHED_IS_SCHEDULER (run))
    recording.earlier = dagsched_scheduler_get_earlier (DAGSCHED_SCHEDULER (run));
  is_done = prepare (&recording, error) && find_suite (&recording, dagsched_run_get_name (run), error) &&
            record_tests (&recording, dagsched_run_get_tests (run), error) &&
            forget_old_tests (&recording, error);

  sqlite3_finalize (recording.find);
  sqlite3_finalize (recording.insert);
  sqlite3_finalize (recording.update);
  sqlite3_finalize (recording.add);

  return is_done;
}

/**
 * dagsched_history_record:
 * @self: a history
 * @run: a run that has ended; its name says which suite it is
 * @error: return location for an error
 *
 * Adds what became of the tests of a run: all of it or, with an error, nothing.
 *
 * Tests without an attempt, blocked and cancelled ones are left out. The repetitions of a test count
 * as runs of it. To be called in the model thread of the run.
 *
 * Errors: %DAGSCHED_ERROR_PARSE if the file is damaged, %DAGSCHED_ERROR_FAILED if it can't be written.
 *
 * Returns: whether the history was written
 *
 * Since: 1.0
 */
gboolean
dagsched_history_record (DagschedHistory *self, DagschedRun *run, GError **error)
{
  g_return_val_if_fail (DAGSCHED_IS_HISTORY (self), FALSE);
  g_return_val_if_fail (DAGSCHED_IS_RUN (run), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!dagsched_history_database_run (self->db, "BEGIN IMMEDIATE", "write", error))
    return FALSE;

  if (record_run (self->db, run, error) && dagsched_history_database_run (self->db, "COMMIT", "write", error))
    return TRUE;

  sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

static void
dagsched_history_finalize (GObject *object)
{
  DagschedHistory *self = DAGSCHED_HISTORY (object);

  g_clear_pointer (&self->db, sqlite3_close);

  G_OBJECT_CLASS (dagsched_history_parent_class)->finalize (object);
}

static void
dagsched_history_class_init (DagschedHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dagsched_history_finalize;
}

static void
dagsched_history_init (DagschedHistory *self)
{
}
