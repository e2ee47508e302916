/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* The file of the history: opening, schema, errors. Use it from one thread at a time. */

/* Opens @path, or creates it, with the newest schema. DAGSCHED_ERROR_PARSE: it is damaged, something
 * else, or of a newer schema; DAGSCHED_ERROR_FAILED: it can't be opened or written. */
sqlite3 *dagsched_history_database_open (const char *path, GError **error);

/* For what goes wrong later: FALSE with @error set from the last failure of @db. */
gboolean dagsched_history_database_fail (sqlite3 *db, const char *what, GError **error);
gboolean dagsched_history_database_run (sqlite3 *db, const char *sql, const char *what, GError **error);
sqlite3_stmt *
dagsched_history_database_prepare (sqlite3 *db, const char *sql, const char *what, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

G_END_DECLS
