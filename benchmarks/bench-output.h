/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "bench-measurement.h"

G_BEGIN_DECLS

/* A result as text. */

/* One object: benchmark, parameters, figures, ratios. */
JsonNode *bench_output_to_json (const BenchMeasurement *measurement,
                                const BenchParams *params,
                                const BenchResult *result);

char *bench_output_format (BenchFormat format,
                           const BenchMeasurement *measurement,
                           const BenchParams *params,
                           const BenchResult *result);

G_END_DECLS
