/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

#include "store/dagsched-run-log-writer-private.h"

G_BEGIN_DECLS

/* A small run as a scheduler would record it, without one: three tests in a row and one beside them,
 * with a retry, a failure, a blocked test and output of every kind. */

typedef struct
{
  DagschedTest *tests[4];
  DagschedPlanView plan;
  DagschedLogHeader header;
  GBytes *text;   /* UTF-8, with characters that JSON escapes */
  GBytes *binary; /* every byte */
  GBytes *large;  /* 100 kB */
} SampleRun;

SampleRun *sample_run_new (void);
void sample_run_free (SampleRun *self);
/* Writes all of it; *large_offset: what became of the large output. */
void sample_run_write (SampleRun *self, DagschedRunLogWriter *writer, gint64 *large_offset);
/* The lines. */
char *sample_run_dup_lines (SampleRun *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SampleRun, sample_run_free)

/* Every writable property, so that one that is added later can't be forgotten, and what they admit. */
void sample_assert_same_settings (DagschedTest *a, DagschedTest *b);

/* A temporary directory, and its end. */
char *sample_dir_new (void);
void sample_dir_remove (const char *path);

G_END_DECLS
