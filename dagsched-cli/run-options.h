/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

#include "cli-context.h"
#include "source-options.h"

G_BEGIN_DECLS

typedef enum
{
  RUN_FORMAT_HUMAN,
  RUN_FORMAT_JSONL,
  RUN_FORMAT_TAP,
} RunFormat;

/* Where reports go, and how. Shared by run and, in part, convert. */
typedef struct
{
  guint format; /* RunFormat: what standard output gets */
  gboolean format_given;
  char *log;    /* (nullable) NULL: that of @resume, or the state directory; "-": standard output */
  char *resume; /* (nullable) the log of the run that is to go on */
  char *junit;
  char *tap;
  guint color; /* CliColor */
  gboolean verbose;
  gboolean quiet;
  gboolean output_on_failure;
} ReportOptions;

/* Everything that `dagsched run` takes. */
typedef struct
{
  SourceOptions sources;
  ReportOptions report;

  guint64 n_workers;
  double timeout_multiplier;
  double max_time;
  guint64 retries;
  guint64 repeat;
  guint64 max_failures;
  DagschedOrder order;
  guint64 seed;
  gboolean has_seed;
  char **wrapper; /* (nullable) */
  guint flaky;    /* 0: passes, 1: fails */
  gboolean rebuild;
  gboolean stack_traces;
  gboolean publish;                  /* so that monitors can watch */
  guint64 output_limit;              /* 0: as it is in the library */
  guint64 run_output_limit;          /* 0: none */
  guint64 limits[DAGSCHED_N_LIMITS]; /* 0: none */
  char *artifacts_dir;               /* (nullable) */
} RunOptions;

void run_options_init (RunOptions *self);
void run_options_clear (RunOptions *self);
void run_options_add (RunOptions *self, CliContext *context);
/* What can be said only when all options are known. FALSE: the error is printed. */
gboolean run_options_check (RunOptions *self, CliContext *context);
/* Chooses a seed, and says which, if the order is random and none was given. */
void run_options_choose_seed (RunOptions *self);
DagschedOptions *run_options_to_options (const RunOptions *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RunOptions, run_options_clear)

G_END_DECLS
