/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Reads a file line by line; a line may be as large as memory. */
typedef struct _DagschedLineReader DagschedLineReader;

typedef struct
{
  const char *data; /* valid until the next call; no newline, not terminated */
  gsize length;
  gint64 offset;     /* in the file */
  guint number;      /* 1… */
  gboolean is_whole; /* a newline follows */
} DagschedLine;

/* @cancellable: (nullable) asked for each block. */
DagschedLineReader *dagsched_line_reader_new (GInputStream *stream, GCancellable *cancellable);
void dagsched_line_reader_free (DagschedLineReader *self);
/* FALSE at the end, and with @error set when reading fails. */
gboolean dagsched_line_reader_next (DagschedLineReader *self, DagschedLine *line, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedLineReader, dagsched_line_reader_free)

/* The one line at @offset of @file, without its newline. */
GBytes *dagsched_line_reader_load (GFile *file, gint64 offset, GError **error);

G_END_DECLS
