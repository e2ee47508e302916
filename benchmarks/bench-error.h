/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BENCH_ERROR (bench_error_quark ())

typedef enum
{
  BENCH_ERROR_USAGE, /* what was asked for makes no sense */
  BENCH_ERROR_WRONG, /* a contestant did not do the work */
  BENCH_ERROR_SYSTEM /* the machine does not let us measure this */
} BenchError;

GQuark bench_error_quark (void);

G_END_DECLS
