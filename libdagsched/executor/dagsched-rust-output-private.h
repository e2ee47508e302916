/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DAGSCHED_RUST_SHOWN 3

/* Reads what a Rust test program prints: lines "test NAME ... ok". */
typedef struct
{
  guint n_tests;
  guint n_failed;
  guint n_ignored;
  char *failed[DAGSCHED_RUST_SHOWN]; /* names of the first ones */
  char *error;                       /* (nullable) the first line that says something else */
} DagschedRustOutput;

void dagsched_rust_output_clear (DagschedRustOutput *self);
void dagsched_rust_output_feed (DagschedRustOutput *self, const char *line);

G_END_DECLS
