/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "bench-params.h"

G_BEGIN_DECLS

/* The short set: what runs when nothing is asked for, and what the bars are that it should clear. */

typedef struct
{
  const char *title; /* static */
  const char *rival; /* static; NULL if this is a figure */
  char *figure;      /* NULL if this is a ratio to a rival */
  char *unit;        /* likewise */
  double value;
  double bar;            /* NAN: none */
  gboolean bar_is_least; /* the value should be at least, not at most, the bar */
} BenchRow;

typedef struct
{
  GArray *rows;        /* (element-type BenchRow) */
  GPtrArray *objects;  /* (element-type JsonNode) what the measurements printed */
  GPtrArray *failures; /* (element-type utf8) what could not be measured, and why */
} BenchSet;

/* Runs each measurement in a process of its own: none finds the heap and the threads of the one before. */
BenchSet *bench_set_run (const BenchCommandLine *command_line);
void bench_set_free (BenchSet *self);

gboolean bench_row_clears_bar (const BenchRow *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchSet, bench_set_free)

G_END_DECLS
