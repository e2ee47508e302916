/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench-contestant.h"
#include "bench-params.h"
#include "bench-result.h"

G_BEGIN_DECLS

/* dagsched and each rival in turn, round after round, on one shape. */
typedef struct
{
  const BenchParams *params; /* rounds and rivals */
  BenchSetup setup;
  const char *suffix; /* of the figures' names; NULL: none */
  const char *only;   /* the one rival that takes part; NULL: all that can */
} BenchContest;

/* Checks that each contestant does its work, warms up, and adds a sample to RESULT for each contestant
 * and round: its name, with the suffix. Without a suffix also "dagsched_wall", "dagsched_plan", and the
 * processor time of each contestant: its name with "_cpu". */
gboolean bench_contest_hold (const BenchContest *self, BenchResult *result, GError **error);

/* Compares "dagsched" with each contestant's figure. */
void bench_contest_compare (BenchResult *result);

G_END_DECLS
