/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

#include <stdint.h>
#include <string.h>

G_BEGIN_DECLS

/* A reader of what others wrote, as a function of bytes: it aborts where it finds what must not be. Each file fuzz-X.c
 * has one. With -Dfuzzers=true it becomes a program of its own, which libFuzzer or AFL++ drive; without, all of them
 * are in one program, which gives them what stands in corpus/X. */
#ifdef DAGSCHED_FUZZERS
#define FUZZ_READER(name)                                                                                    \
  int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);                                             \
  int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
#else
#define FUZZ_READER(name)                                                                                    \
  int fuzz_##name (const uint8_t *data, size_t size);                                                        \
  int fuzz_##name (const uint8_t *data, size_t size)
#endif

/* The path of a regular file in memory that holds these bytes, until the next call. */
const char *fuzz_file (const uint8_t *data, size_t size);
/* A directory in memory, where there is one; it goes with the process. */
const char *fuzz_directory (void);
/* Writes a file of it. */
void fuzz_write (const char *path, const uint8_t *data, size_t size);

/* What failed says why, in one domain and as text. */
void fuzz_check_error (gboolean succeeded, const GError *error);
/* Of any graph that could be loaded: it becomes a plan or is told why not, and its manifest makes the same graph. */
void fuzz_check_graph (DagschedGraph *graph);

/* How long the next piece of @size bytes is, by a row of numbers that *@seed begins; of 0 it is all of them. */
gsize fuzz_next_piece (guint32 *seed, gsize size);

G_END_DECLS
