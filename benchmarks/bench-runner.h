/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Programs that run many processes: each gets a project of its own that has as many tests as it shall run,
 * all of one command. */

typedef struct
{
  const char *dir;     /* a directory of its own */
  const char *command; /* absolute path of the program that each test is */
  guint n_tests;
  guint workers;
} BenchProject;

typedef struct
{
  const char *name;    /* of the rival and of its figure */
  const char *program; /* looked for in $PATH; NULL: dagsched itself */
  const char *argv[8]; /* after the program, with the words below */
  const char *input;   /* (nullable) file in the project that is its standard input */
  gboolean (*write) (const BenchProject *project, GError **error);
} BenchRunner;

/* Stand in a runner's arguments for what the project says. */
#define BENCH_RUNNER_WORKERS "{workers}"
#define BENCH_RUNNER_COMMAND "{command}"

/* NULL at the end; the first is dagsched. */
const BenchRunner *const *bench_runners_list (void);
/* NULL: it is not installed. Free it. */
char *bench_runner_find_program (const BenchRunner *self);

/* In which the log and the history of dagsched go into DIR. Free it with g_strfreev(). */
char **bench_runner_dup_environment (const char *dir);

/* From the start of the program to its end, in nanoseconds. Fails, with what it wrote to standard error, where
 * it does not succeed. */
gboolean
bench_runner_run (const BenchRunner *self, const BenchProject *project, gint64 *elapsed_ns, GError **error);

G_END_DECLS
