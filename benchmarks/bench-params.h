/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench-contestant.h"

G_BEGIN_DECLS

/* What a measurement can be told, and the command line that tells it. */

typedef enum
{
  BENCH_PARAM_SHAPE = 1 << 0,
  BENCH_PARAM_TESTS = 1 << 1,
  BENCH_PARAM_WORKERS = 1 << 2,
  BENCH_PARAM_ROUNDS = 1 << 3,
  BENCH_PARAM_SECONDS = 1 << 4,
  BENCH_PARAM_TIMESTAMPS = 1 << 5,
  BENCH_PARAM_RIVALS = 1 << 6,
  /* Not of measurements: */
  BENCH_PARAM_OUTPUT_DIR = 1 << 7,
  /* Of measurements again: */
  BENCH_PARAM_SEED = 1 << 8,
  BENCH_PARAM_LOGS = 1 << 9,
} BenchParamFlags;

typedef struct
{
  BenchShapeKind shape;
  guint tests;
  guint workers; /* 0: as many as the measurement thinks of */
  guint rounds;
  double seconds;
  gboolean timestamps;
  char **rivals; /* names; NULL: all that there are */
  guint seed;
  char **logs; /* file names; NULL: none */
} BenchParams;

typedef enum
{
  BENCH_FORMAT_TABLE,
  BENCH_FORMAT_JSON,
  BENCH_FORMAT_MARKDOWN
} BenchFormat;

typedef struct
{
  BenchParams params;
  guint given; /* BenchParamFlags of those that were */
  BenchFormat format;
  char *output_dir;
  char *measurement; /* the one word that is no option; NULL: none */
} BenchCommandLine;

/* DESCRIPTION is shown by --help, which ends the program. Takes nothing of ARGV. */
BenchCommandLine *bench_command_line_parse (char **argv, const char *description, GError **error);
void bench_command_line_free (BenchCommandLine *self);

/* Lays what was given over DEFAULTS. Fails where something was given that is not among TAKES; SUBJECT
 * says in the message what does not take it. */
gboolean bench_command_line_apply (const BenchCommandLine *self,
                                   const char *subject,
                                   guint takes,
                                   const BenchParams *defaults,
                                   BenchParams *params,
                                   GError **error);

gboolean bench_params_want_rival (const BenchParams *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchCommandLine, bench_command_line_free)

G_END_DECLS
