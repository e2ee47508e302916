/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

#include "cli-context.h"

G_BEGIN_DECLS

/* The options that say which tests: shared by all commands that take sources. */
typedef struct
{
  char **paths; /* (nullable) NULL: what is found in the current directory */
  char *type;   /* (nullable) NULL: recognised by content */
  char **overrides;
  char **filters;
  char **excludes;
  char **suites;
  gboolean no_deps;
} SourceOptions;

#define SOURCE_OPTIONS_INIT                                                                                  \
  {                                                                                                          \
    NULL                                                                                                     \
  }

void source_options_clear (SourceOptions *self);

/* SOURCE..., --source-type and --overrides. */
void source_options_add_sources (SourceOptions *self, CliContext *context);
/* -k, -x, -s and --no-deps. */
void source_options_add_selection (SourceOptions *self, CliContext *context);

/* Sources, as they are without their tests: a list of DagschedSource. Prints errors; NULL then. */
GPtrArray *source_options_open (const SourceOptions *self);
/* The tests of all sources, with the overrides laid over them. All that is wrong is printed; NULL then. */
DagschedGraph *source_options_load (const SourceOptions *self, GPtrArray *sources);
/* open() and load(). */
DagschedGraph *source_options_load_graph (const SourceOptions *self);

DagschedSelection *source_options_create_selection (const SourceOptions *self);
/* The selected tests of @graph. Prints errors and warnings; *@status is what to end with for NULL. */
DagschedPlan *source_options_create_plan (const SourceOptions *self, DagschedGraph *graph, int *status);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SourceOptions, source_options_clear)

G_END_DECLS
