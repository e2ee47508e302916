/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char **argv; /* the first is the program's path */
  char **environment;
  const char *dir;   /* where it runs */
  const char *input; /* (nullable) file in dir that is its standard input */
} BenchProcess;

/* What a measurement wrote. */
void bench_process_remove_tree (const char *dir);

/* Nanoseconds from its start to its end. Fails where it does not succeed. What it prints is lost. */
gboolean bench_process_run (const BenchProcess *self, gint64 *elapsed_ns, GError **error);

/* The bare loop: N_TESTS processes of COMMAND, WORKERS at a time, by posix_spawn() and waitpid() alone; with
 * PIPES, what each writes to standard output and error is read to its end. */
gboolean bench_process_loop (const char *command,
                             guint n_tests,
                             guint workers,
                             gboolean pipes,
                             gint64 *elapsed_ns,
                             GError **error);

G_END_DECLS
