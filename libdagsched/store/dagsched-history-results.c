/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-history-private.h"

#include "store/dagsched-history-database-private.h"

static void
read_result (sqlite3_stmt *statement, GArray *results)
{
  const char *outcome = (const char *) sqlite3_column_text (statement, 1);
  DagschedHistoryResult result = {
    .started_at = sqlite3_column_int64 (statement, 0),
    .is_flaky = sqlite3_column_int (statement, 2) != 0,
    .n_attempts = (guint) MAX (sqlite3_column_int (statement, 3), 0),
    .duration = sqlite3_column_double (statement, 4),
  };

  /* A word of a later version says nothing to this one. */
  if (outcome != NULL && dagsched_outcome_from_string (outcome, &result.outcome))
    g_array_append_val (results, result);
}

/**
 * dagsched_history_dup_results:
 * @self: a history
 * @suite: (nullable): the name of the suite
 * @test: the name of the test
 * @error: return location for an error
 *
 * Gets what became of a test in the last 20 runs at most, the oldest first. Reads a few pages of the file.
 *
 * Errors: %DAGSCHED_ERROR_PARSE if the file is damaged, %DAGSCHED_ERROR_FAILED if it can't be read.
 *
 * Returns: (transfer full) (element-type DagschedHistoryResult): the results, none if nothing is known;
 *   %NULL with @error set
 *
 * Since: 1.0
 */
GArray *
dagsched_history_dup_results (DagschedHistory *self, const char *suite, const char *test, GError **error)
{
  static const char query[] =
    "SELECT result.started_at, outcome, flaky, n_attempts, duration"
    "  FROM suite JOIN test ON test.suite = suite.id JOIN result ON result.test = test.id"
    "  WHERE suite.name = ? AND test.name = ? ORDER BY result.run";
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (GArray) results = g_array_new (FALSE, FALSE, sizeof (DagschedHistoryResult));
  sqlite3 *db;
  int code;

  g_return_val_if_fail (DAGSCHED_IS_HISTORY (self), NULL);
  g_return_val_if_fail (test != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  db = dagsched_history_get_database (self);
  statement = dagsched_history_database_prepare (db, query, "read", error);
  if (statement == NULL)
    return NULL;

  sqlite3_bind_text (statement, 1, suite != NULL ? suite : "", -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (statement, 2, test, -1, SQLITE_TRANSIENT);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    read_result (statement, results);
  if (code == SQLITE_DONE)
    return g_steal_pointer (&results);

  dagsched_history_database_fail (db, "read", error);
  return NULL;
}
