/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-error.h"

G_DEFINE_QUARK (bench - error - quark, bench_error)
