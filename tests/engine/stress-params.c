/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "random-case.h"
#include "stress-case.h"

static const guint workers[] = { 16, 64, 3 };
static const guint thresholds[] = { 2, 1, 16 };
static const guint spurious[] = { 1, 10 };
static const guint windows[] = { 100, 0, 3000 };

#define TAKE(code, values) (values)[take ((code), G_N_ELEMENTS (values))]

static guint
take (guint *code, guint n)
{
  guint digit = *code % n;

  *code /= n;
  return digit;
}

guint
stress_params_n_combinations (void)
{
  return G_N_ELEMENTS (workers) * 2 * G_N_ELEMENTS (thresholds) * G_N_ELEMENTS (spurious) *
         G_N_ELEMENTS (windows) * 2;
}

static void
choose_cancel (StressParams *params, GRand *rand)
{
  if (g_rand_int_range (rand, 0, 3) != 0)
    return;

  params->cancel = g_rand_int_range (rand, CANCEL_CANCELLABLE, CANCEL_MAX_FAILURES + 1);
  if (params->cancel == CANCEL_MAX_FAILURES)
    params->cancel_after = g_rand_int_range (rand, 1, 4);
  else
    params->cancel_after = g_rand_int_range (rand, 1, params->n_tests + 1);
}

void
stress_params_init (StressParams *params, guint seed, guint scale)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  guint code = seed;

  *params = (StressParams){
    .seed = seed,
    .n_workers = TAKE (&code, workers),
    .enable_work_stealing = take (&code, 2) == 0,
    .work_stealing_threshold = TAKE (&code, thresholds),
    .max_spurious_wakeups = TAKE (&code, spurious),
    .notification_batch_window = TAKE (&code, windows),
    .timestamps = take (&code, 2) == 0,
    .shape = g_rand_int_range (rand, 0, N_SHAPES),
    .n_tests = g_rand_int_range (rand, 1, 200 * scale),
    .observed = g_rand_boolean (rand),
    .order = DAGSCHED_ORDER_AUTO,
  };
  if (g_rand_int_range (rand, 0, 3) == 0)
    params->order = g_rand_int_range (rand, DAGSCHED_ORDER_CRITICAL_PATH, DAGSCHED_ORDER_RANDOM + 1);
  if (g_rand_int_range (rand, 0, 4) == 0)
    params->hang_rarity = 20;
  choose_cancel (params, rand);
  if (g_rand_boolean (rand))
    params->pause_rarity = g_rand_int_range (rand, 1, 50);
}

char *
stress_params_describe (const StressParams *params)
{
  return g_strdup_printf (
    "seed %u: shape %u, %u tests, %u workers, stealing %d, threshold %u, spurious %u, "
    "window %u, timestamps %d, order %d, hang rarity %u, observed %d, cancel %d after %u, pause rarity %u",
    params->seed, params->shape, params->n_tests, params->n_workers, params->enable_work_stealing,
    params->work_stealing_threshold, params->max_spurious_wakeups, params->notification_batch_window,
    params->timestamps, params->order, params->hang_rarity, params->observed, params->cancel,
    params->cancel_after, params->pause_rarity);
}
