/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a report is written to: buffered, and with an error that sticks. The first thing that can't be
 * written ends the writing; who writes need not look, close() tells. */
typedef struct _DagschedSink DagschedSink;

/* @path "-": standard output. @replace: the file appears, or is replaced, whole and at once by
 * close(); otherwise it is written in place. What is no plain file is written in place always. */
DagschedSink *dagsched_sink_new_for_path (const char *path, gboolean replace, GError **error);
DagschedSink *dagsched_sink_new_for_stream (GOutputStream *stream);
void dagsched_sink_write (DagschedSink *self, const char *data, gsize length);
void dagsched_sink_write_string (DagschedSink *self, const char *string);
void dagsched_sink_flush (DagschedSink *self);
gboolean dagsched_sink_is_dead (DagschedSink *self);
gboolean dagsched_sink_close (DagschedSink *self, GError **error);
/* Without close(): what was to replace a file is thrown away. */
void dagsched_sink_free (DagschedSink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedSink, dagsched_sink_free)

G_END_DECLS
