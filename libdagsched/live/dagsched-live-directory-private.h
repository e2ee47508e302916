/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where the sockets of live runs are: dagsched/ in $XDG_RUNTIME_DIR; where that is not set, in /run/user/UID,
 * or, where that is not there, in the user's cache directory. It belongs to the user and is closed to all others, or
 * is not used. */

#define DAGSCHED_LIVE_SUFFIX ".sock"

/* Free it. */
char *dagsched_live_directory_dup_path (void);
/* A descriptor. With @create it is made where it is not there. Fails with DAGSCHED_ERROR_NOT_FOUND where it
 * is not there, else with DAGSCHED_ERROR_FAILED. */
int dagsched_live_directory_open (gboolean create, GError **error);

/* A socket NAME in the directory, that takes connections from the moment it can be seen there. */
int dagsched_live_socket_listen (int directory, const char *name, GError **error);
/* Removes NAME. */
void dagsched_live_socket_remove (int directory, const char *name);
/* A path, or the process id of a runner. Free it. NULL with DAGSCHED_ERROR_NOT_FOUND. */
char *dagsched_live_socket_find (const char *address, GError **error);
/* Fails with DAGSCHED_ERROR_NOT_FOUND if nobody listens there, or there is nothing. Does not block later. */
int dagsched_live_socket_connect (const char *path, GError **error);
/* Whether the process at the other end is one of this user's. */
gboolean dagsched_live_socket_is_own (int fd);

G_END_DECLS
