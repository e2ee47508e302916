/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-history-database-private.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "base/dagsched-error.h"

#define APPLICATION_ID 0x64616773 /* "dags" */
#define BUSY_TIMEOUT 10000        /* ms that another program's transaction may take */

/* What makes a database of version N one of version N + 1. Never change an entry: add one.
 *
 * The results of a test are a ring: slot n_runs % 20 is the oldest, so that nothing need be removed. */
static const char *const migrations[] = {
  "CREATE TABLE suite ("
  "  id INTEGER PRIMARY KEY,"
  "  name TEXT NOT NULL UNIQUE"
  ");"
  "CREATE TABLE test ("
  "  id INTEGER PRIMARY KEY,"
  "  suite INTEGER NOT NULL REFERENCES suite (id) ON DELETE CASCADE,"
  "  name TEXT NOT NULL,"
  "  n_runs INTEGER NOT NULL DEFAULT 0,"
  "  n_failures INTEGER NOT NULL DEFAULT 0,"
  "  n_flaky INTEGER NOT NULL DEFAULT 0,"
  "  last_run INTEGER NOT NULL," /* seconds since 1970 */
  "  UNIQUE (suite, name)"
  ");"
  "CREATE TABLE result ("
  "  test INTEGER NOT NULL REFERENCES test (id) ON DELETE CASCADE,"
  "  slot INTEGER NOT NULL,"
  "  run INTEGER NOT NULL,"        /* n_runs before it: higher is later */
  "  started_at INTEGER NOT NULL," /* of the run: seconds since 1970 */
  "  outcome TEXT NOT NULL,"
  "  flaky INTEGER NOT NULL,"
  "  n_attempts INTEGER NOT NULL,"
  "  duration REAL NOT NULL," /* seconds, of the last attempt */
  "  PRIMARY KEY (test, slot)"
  ") WITHOUT ROWID;",

  /* Seconds of the last 10 successes, newest first; beside the results, as reading all of those of
   * 100 000 tests takes 2 s. */
  "ALTER TABLE test ADD COLUMN durations TEXT NOT NULL DEFAULT '';",

  /* The results of one run lie side by side, as its tests have mostly run equally often: writing those of
   * 2000 tests changes 80 pages, not 400. */
  "CREATE TABLE result_by_slot ("
  "  slot INTEGER NOT NULL,"
  "  test INTEGER NOT NULL REFERENCES test (id) ON DELETE CASCADE,"
  "  run INTEGER NOT NULL,"
  "  started_at INTEGER NOT NULL,"
  "  outcome TEXT NOT NULL,"
  "  flaky INTEGER NOT NULL,"
  "  n_attempts INTEGER NOT NULL,"
  "  duration REAL NOT NULL,"
  "  PRIMARY KEY (slot, test)"
  ") WITHOUT ROWID;"
  "INSERT INTO result_by_slot"
  "  SELECT slot, test, run, started_at, outcome, flaky, n_attempts, duration FROM result;"
  "DROP TABLE result;"
  "ALTER TABLE result_by_slot RENAME TO result;"
  "CREATE INDEX result_test ON result (test);",
};

#define SCHEMA_VERSION ((int) G_N_ELEMENTS (migrations))

gboolean
dagsched_history_database_fail (sqlite3 *db, const char *what, GError **error)
{
  const char *path = sqlite3_db_filename (db, "main");
  int code = sqlite3_errcode (db);
  /* It may name what is in the file. */
  g_autofree char *why = g_utf8_make_valid (sqlite3_errmsg (db), -1);

  if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE,
                 "%s: the history is damaged (%s); remove this file and a new one is started", path, why);
  else
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED, "%s: can't %s the history: %s", path, what,
                 why);

  return FALSE;
}

gboolean
dagsched_history_database_run (sqlite3 *db, const char *sql, const char *what, GError **error)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  return dagsched_history_database_fail (db, what, error);
}

sqlite3_stmt *
dagsched_history_database_prepare (sqlite3 *db, const char *sql, const char *what, GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    dagsched_history_database_fail (db, what, error);

  return statement;
}

static gboolean
get_number (sqlite3 *db, const char *sql, int *value, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = dagsched_history_database_prepare (db, sql, "read", error);

  if (statement == NULL)
    return FALSE;
  if (sqlite3_step (statement) != SQLITE_ROW)
    return dagsched_history_database_fail (db, "read", error);

  *value = sqlite3_column_int (statement, 0);

  return TRUE;
}

/* @version: of the schema; 0 for a file with nothing in it. Inside a transaction, as what it looks at
 * must be of one moment. */
static gboolean
identify (sqlite3 *db, int *version, GError **error)
{
  int id = 0, n_tables = 0;

  if (!get_number (db, "PRAGMA application_id", &id, error) ||
      !get_number (db, "PRAGMA user_version", version, error) ||
      !get_number (db, "SELECT count(*) FROM sqlite_schema", &n_tables, error))
    return FALSE;

  if (id != APPLICATION_ID && (id != 0 || *version != 0 || n_tables != 0))
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE,
                   "%s: a database of another program; move it away and a new history is started",
                   sqlite3_db_filename (db, "main"));
      return FALSE;
    }
  if (*version > SCHEMA_VERSION)
    {
      g_set_error (
        error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE,
        "%s: the history was written by a newer dagsched (schema %d, this one knows %d); use that one, "
        "or move the file away and a new one is started",
        sqlite3_db_filename (db, "main"), *version, SCHEMA_VERSION);
      return FALSE;
    }

  return TRUE;
}

/* Looks again inside the transaction: another program may be doing the same. */
static gboolean
migrate (sqlite3 *db, GError **error)
{
  g_autofree char *stamp =
    g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID, SCHEMA_VERSION);
  int version;
  gboolean is_done;

  if (!dagsched_history_database_run (db, "BEGIN IMMEDIATE", "write", error))
    return FALSE;

  is_done = identify (db, &version, error);
  for (; is_done && version < SCHEMA_VERSION; version++)
    is_done = dagsched_history_database_run (db, migrations[version], "write", error);
  is_done = is_done && dagsched_history_database_run (db, stamp, "write", error) &&
            dagsched_history_database_run (db, "COMMIT", "write", error);
  if (!is_done)
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);

  return is_done;
}

/* What another user can write may say anything; and what we write into it, that one may not be able to write any more:
 * so it is with sudo, where it keeps $HOME. */
static gboolean
check_owner (const char *path, GError **error)
{
  GStatBuf status;

  if (g_stat (path, &status) != 0 || status.st_uid == geteuid ())
    return TRUE;

  g_set_error (
    error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED,
    "%s: this history belongs to user %u, and this program runs as user %u; set $XDG_STATE_HOME to a "
    "directory of its own",
    path, (guint) status.st_uid, (guint) geteuid ());
  return FALSE;
}

sqlite3 *
dagsched_history_database_open (const char *path, GError **error)
{
  g_autoptr (sqlite3) db = NULL;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  int code, version;

  if (!check_owner (path, error))
    return NULL;

  code = sqlite3_open_v2 (path, &db, flags, NULL);
  if (code != SQLITE_OK)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED, "%s: can't open the history: %s", path,
                   db != NULL ? sqlite3_errmsg (db) : sqlite3_errstr (code));
      return NULL;
    }

  sqlite3_extended_result_codes (db, FALSE);
  sqlite3_busy_timeout (db, BUSY_TIMEOUT);
  if (!dagsched_history_database_run (db, "BEGIN", "open", error) || !identify (db, &version, error) ||
      !dagsched_history_database_run (
        db, "COMMIT; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON",
        "open", error) ||
      (version < SCHEMA_VERSION && !migrate (db, error)))
    return NULL;

  return g_steal_pointer (&db);
}
