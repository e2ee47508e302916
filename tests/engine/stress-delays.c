/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stress-delays.h"

#ifdef DAGSCHED_DEBUG_STEPS

#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "engine/dagsched-step-private.h"

#define NO_FOCUS DAGSCHED_N_STEPS
#define MAX_SLEEP_NS 200000

/* All accesses are relaxed: the hook must not order what the threads leave unordered. */
static _Atomic guint64 seed;
static _Atomic guint focus;
static _Atomic guint rarity;
static _Atomic guint n_threads;
static _Atomic guint reached[DAGSCHED_N_STEPS];

static _Thread_local guint64 state;
static _Thread_local guint64 state_seed;

#define LOAD(variable) atomic_load_explicit (&(variable), memory_order_relaxed)
#define STORE(variable, value) atomic_store_explicit (&(variable), (value), memory_order_relaxed)

/* G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014. */
static guint64
next_random (void)
{
  guint64 z;

  if (state_seed != LOAD (seed))
    {
      state_seed = LOAD (seed);
      state = (state_seed << 20) + atomic_fetch_add_explicit (&n_threads, 1, memory_order_relaxed);
    }
  z = state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static void
delay (guint64 random)
{
  struct timespec time = { .tv_nsec = (random >> 8) % MAX_SLEEP_NS };

  switch (random % 8)
    {
    case 0:
      nanosleep (&time, NULL);
      break;
    case 1:
    case 2:
    case 3:
      for (volatile guint i = 0; i < (random >> 8) % 2000; i++)
        ;
      break;
    default:
      sched_yield ();
    }
}

static void
on_step (gpointer user_data, DagschedStep step)
{
  guint64 random = next_random ();

  if (LOAD (reached[step]) == 0)
    STORE (reached[step], 1);
  if (step == LOAD (focus) ? random % 2 == 0 : random % LOAD (rarity) == 0)
    delay (random >> 32);
}

gboolean
stress_delays_can_start (void)
{
  return TRUE;
}

void
stress_delays_start (guint new_seed)
{
  static const guint rarities[] = { 4, 64, 1000 };

  STORE (n_threads, 0);
  STORE (rarity, rarities[new_seed % G_N_ELEMENTS (rarities)]);
  STORE (focus, new_seed / G_N_ELEMENTS (rarities) % (NO_FOCUS + 1));
  STORE (seed, (guint64) new_seed + 1);
  dagsched_step_set_hook (on_step, NULL);
}

void
stress_delays_stop (void)
{
  dagsched_step_set_hook (NULL, NULL);
}

char *
stress_delays_list_missing (void)
{
  GString *missing = g_string_new (NULL);

  for (guint step = 0; step < DAGSCHED_N_STEPS; step++)
    {
      if (LOAD (reached[step]) == 0)
        g_string_append_printf (missing, " %u", step);
    }

  return g_string_free (missing, missing->len == 0);
}

#else

gboolean
stress_delays_can_start (void)
{
  return FALSE;
}

void
stress_delays_start (guint seed)
{
}

void
stress_delays_stop (void)
{
}

char *
stress_delays_list_missing (void)
{
  return NULL;
}

#endif
