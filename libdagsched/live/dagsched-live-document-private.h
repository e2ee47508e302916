/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A memory file that nobody can change any more, and its descriptor. Any thread. */
typedef struct _DagschedLiveDocument DagschedLiveDocument;

/* Of the contents of @parts (GBytes), one after the other. NULL: the system can't give one. */
DagschedLiveDocument *dagsched_live_document_new (GPtrArray *parts);
DagschedLiveDocument *dagsched_live_document_ref (DagschedLiveDocument *self);
void dagsched_live_document_unref (DagschedLiveDocument *self);
int dagsched_live_document_get_fd (DagschedLiveDocument *self);

/* Reads what a peer sent, whatever it is. NULL: it is no document, or too large. The data are aligned for any type.
 * @fd is not closed. */
GBytes *dagsched_live_document_read (int fd);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedLiveDocument, dagsched_live_document_unref)

G_END_DECLS
