/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-output-private.h"
#include "live/dagsched-live-document-private.h"
#include "live/dagsched-live-format-private.h"

G_BEGIN_DECLS

/* What is told of a run once, or when it is asked for. Model thread of the run. A document that the system
 * can't give is NULL. */

typedef struct
{
  const char *name;     /* (nullable) */
  const char *log_path; /* (nullable) */
  gint64 started_at;
  guint32 n_tests;
} DagschedLiveInfo;

GBytes *dagsched_live_encode_info (const DagschedLiveInfo *info); /* a frame */
GBytes *dagsched_live_encode_end (DagschedRun *run, const char *stall);
DagschedLiveDocument *dagsched_live_encode_plan (DagschedRun *run);
DagschedLiveDocument *dagsched_live_encode_details (DagschedRun *run, guint32 number);
DagschedLiveDocument *dagsched_live_encode_written (const DagschedOutputs *outputs);

/* Appends @text as UTF-8, cut at @limit bytes; what was appended is told. NULL is nothing. */
guint32 dagsched_live_encode_text (GByteArray *texts, const char *text, gsize limit);

G_END_DECLS
