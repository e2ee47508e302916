/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a measurement found: samples of named figures, and which of them are compared. */

typedef struct
{
  char *name;
  const char *unit; /* static */
  GArray *samples;  /* (element-type double) */
} BenchFigure;

typedef struct
{
  const char *name; /* static */
  gint64 value;
} BenchParameter;

typedef struct
{
  const char *rival; /* static */
  char *ours;        /* a figure */
  char *theirs;      /* a figure */
} BenchComparison;

typedef struct
{
  const char *benchmark; /* static */
  GPtrArray *figures;    /* (element-type BenchFigure) in the order of their first samples */
  GArray *parameters;    /* (element-type BenchParameter) found while measuring */
  GArray *comparisons;   /* (element-type BenchComparison) */
} BenchResult;

BenchResult *bench_result_new (const char *benchmark);
void bench_result_free (BenchResult *self);

void bench_result_add_sample (BenchResult *self, const char *figure, const char *unit, double value);
void bench_result_set_parameter (BenchResult *self, const char *name, gint64 value);
/* The ratio to RIVAL is the median of OURS by the median of THEIRS. */
void bench_result_compare (BenchResult *self, const char *rival, const char *ours, const char *theirs);

/* NULL if it has no samples. */
const BenchFigure *bench_result_find (const BenchResult *self, const char *figure);
/* NAN if a figure has no samples, or theirs is 0. */
double bench_result_get_ratio (const BenchResult *self, const BenchComparison *comparison);
/* The same of the least samples: what is left of a ratio when others use the machine. */
double bench_result_get_least_ratio (const BenchResult *self, const BenchComparison *comparison);
const BenchComparison *bench_result_find_comparison (const BenchResult *self, const char *rival);

double bench_figure_get_median (const BenchFigure *figure);
double bench_figure_get_min (const BenchFigure *figure);
double bench_figure_get_max (const BenchFigure *figure);

/* SHARE of the samples, from 0 to 1, are not above the value. Sorts them. */
double bench_samples_get_quantile (GArray *samples, double share);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchResult, bench_result_free)

G_END_DECLS
