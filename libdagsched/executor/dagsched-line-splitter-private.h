/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Cuts a stream into lines: valid UTF-8 without the newline and blanks at the end. Of a line
 * longer than 64 KiB the rest is dropped. */
typedef void (*DagschedLineFunc) (gpointer data, const char *line);

typedef struct
{
  GString *partial; /* NULL: nothing */
} DagschedLineSplitter;

void dagsched_line_splitter_feed (DagschedLineSplitter *self,
                                  const char *data,
                                  gsize length,
                                  DagschedLineFunc func,
                                  gpointer user_data);
/* The last line, if no newline ends it; and frees what there is. */
void dagsched_line_splitter_finish (DagschedLineSplitter *self, DagschedLineFunc func, gpointer user_data);

G_END_DECLS
