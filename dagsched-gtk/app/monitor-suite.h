/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

G_BEGIN_DECLS

/* Reads a suite, of any source, in a thread, and prepares a run of it. @history: (out) (nullable) what is
 * known of earlier runs; a history that can't be read is no error. */
void monitor_suite_load_async (GFile *file,
                               DagschedOptions *options,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
DagschedScheduler *
monitor_suite_load_finish (GAsyncResult *result, DagschedHistory **history, GError **error);

G_END_DECLS
