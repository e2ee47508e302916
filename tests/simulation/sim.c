/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A check that jumps go up the stack would end what this file is about. */
#undef _FORTIFY_SOURCE
#include "sim.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#define STACK_SIZE (256 * 1024)
#define MAX_THREADS 64
#define MAX_POINTS 3000000
#define START_NS (G_GINT64_CONSTANT (1000000) * 1000000000)

typedef enum
{
  STATE_NONE,
  STATE_READY,
  STATE_WAITING,
  STATE_ENDED,
} State;

struct _SimThread
{
  State state;
  const char *name;
  GThreadFunc func;
  gpointer data;
  gpointer result;
  guint n_refs;
  guint priority;
  int saved_errno;
  jmp_buf context;
  ucontext_t start;
  char *stack; /* kept for the next thread in this place */

  /* What it waits for. */
  const char *what;
  gconstpointer object;
  gboolean (*is_ready) (gpointer data);
  gpointer ready_data;
  gboolean for_stir;
  gint64 deadline_ns;
};

/* How the next one is chosen. */
typedef enum
{
  STRATEGY_RANDOM,
  /* S. Burckhardt et al., "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010: the
   * highest goes on, and falls behind all others at a few points. */
  STRATEGY_PRIORITY,
} Strategy;

static struct
{
  guint64 random;
  guint64 hash;
  guint64 point;
  guint64 kill_at;
  gint64 now;
  gint64 work_ns; /* that passes at each point, at most */
  Strategy strategy;
  guint rarity; /* of switches, or of falls */
  guint last_priority;
  gboolean tracing;
  SimThread threads[MAX_THREADS]; /* the first is the one that everything began with */
  guint n_threads;                /* places that were used */
  SimThread *current;
  jmp_buf end;
} sim;

void (*sim_on_idle) (void);
const char *sim_replay = "";

guint64
sim_random (void)
{
  /* G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014. */
  guint64 z = sim.random += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

guint
sim_below (guint n)
{
  return (guint) ((sim_random () >> 32) * n >> 32);
}

gboolean
sim_one_in (guint n)
{
  return sim_below (n) == 0;
}

gint64
sim_now (void)
{
  return sim.now;
}

gboolean
sim_is_slow (void)
{
  return sim.work_ns > 0;
}

guint64
sim_get_point (void)
{
  return sim.point;
}

guint64
sim_get_hash (void)
{
  return sim.hash;
}

void
sim_set_tracing (gboolean tracing)
{
  sim.tracing = tracing;
}

void
sim_kill_at (guint64 point)
{
  sim.kill_at = point;
}

static void
mix (guint64 value)
{
  sim.hash = (sim.hash ^ value) * G_GUINT64_CONSTANT (0x100000001b3);
  sim.hash ^= sim.hash >> 29;
}

void
sim_note (const char *what, guint64 a, guint64 b)
{
  mix ((guint64) sim.now);
  mix (a);
  mix (b);
  if (sim.tracing)
    fprintf (stderr,
             "%8" G_GUINT64_FORMAT " %12.6f ms  %-16s %s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
             sim.point, (double) (sim.now - START_NS) / 1e6, sim.current != NULL ? sim.current->name : "",
             what, a, b);
}

void
sim_fail (const char *format, ...)
{
  va_list args;

  fprintf (stderr, "# at point %" G_GUINT64_FORMAT ", %.6f ms: ", sim.point,
           (double) (sim.now - START_NS) / 1e6);
  va_start (args, format);
  vfprintf (stderr, format, args);
  va_end (args);
  fprintf (stderr, "\n# to see it again: %s\n", sim_replay);
  for (guint i = 0; i < sim.n_threads; i++)
    {
      const SimThread *thread = &sim.threads[i];

      if (thread->state == STATE_READY)
        fprintf (stderr, "#   %s%s\n", thread->name, thread == sim.current ? ": here" : ": could go on");
      else if (thread->state == STATE_WAITING && thread->deadline_ns != G_MAXINT64)
        fprintf (stderr, "#   %s: waits for %s, until %.6f ms\n", thread->name, thread->what,
                 (double) (thread->deadline_ns - START_NS) / 1e6);
      else if (thread->state == STATE_WAITING)
        fprintf (stderr, "#   %s: waits for %s\n", thread->name, thread->what);
    }
  fflush (stderr);
  _exit (1);
}

/* Who goes on. */

static gboolean
can_go_on (SimThread *thread)
{
  if (thread->state == STATE_READY)
    return TRUE;

  return thread->state == STATE_WAITING &&
         (thread->deadline_ns <= sim.now ||
          (thread->is_ready != NULL && thread->is_ready (thread->ready_data)));
}

static SimThread *
choose (void)
{
  SimThread *candidates[MAX_THREADS], *best = NULL;
  guint n = 0;

  for (guint i = 0; i < sim.n_threads; i++)
    {
      SimThread *thread = &sim.threads[i];

      if (!can_go_on (thread))
        continue;
      candidates[n++] = thread;
      if (best == NULL || thread->priority > best->priority)
        best = thread;
    }

  if (n < 2 || sim.strategy == STRATEGY_PRIORITY)
    return best;

  return candidates[sim_below (n)];
}

static gboolean
advance_clock (void)
{
  gint64 next = sim_timers_next ();

  for (guint i = 0; i < sim.n_threads; i++)
    {
      if (sim.threads[i].state == STATE_WAITING)
        next = MIN (next, sim.threads[i].deadline_ns);
    }
  if (next == G_MAXINT64)
    return FALSE;

  if (next > sim.now && sim_on_idle != NULL)
    sim_on_idle ();
  sim.now = MAX (sim.now, next);
  sim_timers_expire ();
  return TRUE;
}

static SimThread *
choose_or_wait (void)
{
  for (;;)
    {
      SimThread *next = choose ();

      if (next != NULL)
        return next;
      if (!advance_clock ())
        sim_fail ("HANG: nobody can go on, and nothing is due");
    }
}

static void
go_on_as (SimThread *next)
{
  SimThread *self = sim.current;

  next->state = STATE_READY;
  if (next == self)
    return;

  if (sim.tracing)
    fprintf (stderr, "%8" G_GUINT64_FORMAT "    → %s\n", sim.point, next->name);
  mix ((guint64) (next - sim.threads));
  self->saved_errno = errno;
  if (_setjmp (self->context) != 0)
    {
      errno = sim.current->saved_errno;
      return;
    }

  sim.current = next;
  if (next->start.uc_link != NULL)
    {
      next->start.uc_link = NULL;
      setcontext (&next->start);
    }
  _longjmp (next->context, 1);
}

void
sim_kill (void)
{
  sim_note ("killed", sim.point, 0);
  _longjmp (sim.end, 1);
}

static void
reach_point (void)
{
  sim.point++;
  if (sim.point == sim.kill_at)
    sim_kill ();
  if (sim.point > MAX_POINTS)
    sim_fail ("LIVELOCK: no end after %u points", MAX_POINTS);

  if (sim.work_ns > 0)
    {
      sim.now += sim_random () % (guint64) sim.work_ns;
      sim_timers_expire ();
    }
}

void
sim_yield (void)
{
  SimThread *self = sim.current;

  if (self == NULL)
    return;

  reach_point ();
  if (!sim_one_in (sim.rarity))
    return;
  if (sim.strategy == STRATEGY_PRIORITY)
    self->priority = --sim.last_priority;
  go_on_as (choose ());
}

static void
wait (SimThread *self, const char *what, gint64 deadline_ns)
{
  reach_point ();
  self->what = what;
  self->deadline_ns = deadline_ns;
  self->state = STATE_WAITING;
  go_on_as (choose_or_wait ());
  self->object = NULL;
  self->is_ready = NULL;
  self->for_stir = FALSE;
}

void
sim_wait (const char *what, gboolean (*is_ready) (gpointer data), gpointer data, gint64 deadline_ns)
{
  SimThread *self = sim.current;

  self->is_ready = is_ready;
  self->ready_data = data;
  wait (self, what, deadline_ns);
}

void
sim_wait_on (const char *what, gconstpointer object, gint64 deadline_ns)
{
  SimThread *self = sim.current;

  self->object = object;
  wait (self, what, deadline_ns);
}

void
sim_wait_stir (const char *what, gint64 deadline_ns)
{
  SimThread *self = sim.current;

  self->for_stir = TRUE;
  wait (self, what, deadline_ns);
}

static gboolean
waits_on (const SimThread *thread, gconstpointer object)
{
  return thread->state == STATE_WAITING && thread->object == object;
}

void
sim_wake_all (gconstpointer object)
{
  for (guint i = 0; i < sim.n_threads; i++)
    {
      if (waits_on (&sim.threads[i], object))
        sim.threads[i].state = STATE_READY;
    }
}

void
sim_wake_one (gconstpointer object)
{
  SimThread *waiters[MAX_THREADS];
  guint n = 0;

  for (guint i = 0; i < sim.n_threads; i++)
    {
      if (waits_on (&sim.threads[i], object))
        waiters[n++] = &sim.threads[i];
    }
  if (n > 0)
    waiters[n > 1 ? sim_below (n) : 0]->state = STATE_READY;
}

void
sim_stir (void)
{
  for (guint i = 0; i < sim.n_threads; i++)
    {
      if (sim.threads[i].state == STATE_WAITING && sim.threads[i].for_stir)
        sim.threads[i].state = STATE_READY;
    }
}

/* Threads. */

static void
drop (SimThread *thread)
{
  if (--thread->n_refs == 0)
    thread->state = STATE_NONE;
}

static void
thread_main (void)
{
  SimThread *self = sim.current;

  self->result = self->func (self->data);
  sim_note ("ends", 0, 0);
  self->state = STATE_ENDED;
  sim_wake_all (self);
  drop (self);
  go_on_as (choose_or_wait ());
  g_assert_not_reached ();
}

static SimThread *
find_place (void)
{
  for (guint i = 0; i < sim.n_threads; i++)
    {
      if (sim.threads[i].state == STATE_NONE)
        return &sim.threads[i];
    }

  if (sim.n_threads == MAX_THREADS)
    sim_fail ("more than %u threads", MAX_THREADS);
  return &sim.threads[sim.n_threads++];
}

static void
make_stack (SimThread *thread)
{
  if (thread->stack != NULL)
    return;

  thread->stack = mmap (NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  g_assert (thread->stack != MAP_FAILED);
  mprotect (thread->stack, 4096, PROT_NONE);
}

SimThread *
sim_thread_new (const char *name, GThreadFunc func, gpointer data)
{
  SimThread *thread = find_place ();

  make_stack (thread);
  thread->state = STATE_READY;
  thread->name = name;
  thread->func = func;
  thread->data = data;
  thread->n_refs = 2;
  thread->priority = G_MAXUINT / 2 + sim_below (1000);
  thread->object = NULL;
  thread->is_ready = NULL;
  thread->for_stir = FALSE;
  thread->deadline_ns = G_MAXINT64;
  getcontext (&thread->start);
  thread->start.uc_stack.ss_sp = thread->stack;
  thread->start.uc_stack.ss_size = STACK_SIZE;
  thread->start.uc_link = &thread->start; /* that is: it has not begun */
  makecontext (&thread->start, thread_main, 0);
  sim_note ("new thread", (guint64) (thread - sim.threads), 0);
  return thread;
}

gpointer
sim_thread_join (SimThread *thread)
{
  gpointer result;

  while (thread->state != STATE_ENDED)
    sim_wait_on ("the end of a thread", thread, G_MAXINT64);
  result = thread->result;
  drop (thread);
  return result;
}

void
sim_thread_unref (SimThread *thread)
{
  drop (thread);
}

SimThread *
sim_thread_self (void)
{
  return sim.current;
}

guint
sim_count_threads (void)
{
  guint n = 0;

  for (guint i = 0; i < sim.n_threads; i++)
    n += sim.threads[i].state == STATE_READY || sim.threads[i].state == STATE_WAITING;

  return n;
}

SimEnd
sim_run (guint64 seed, void (*func) (gpointer data), gpointer data)
{
  static const guint rarities[] = { 1, 2, 4, 16, 64 };
  static const gint64 works[] = { 0, 0, 1, 1000, 20000 };
  SimThread *self = &sim.threads[0];

  sim.random = seed;
  sim.hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);
  sim.point = sim.kill_at = 0;
  sim.now = START_NS;
  sim.work_ns = works[sim_below (G_N_ELEMENTS (works))];
  sim.strategy = sim_one_in (4) ? STRATEGY_PRIORITY : STRATEGY_RANDOM;
  sim.rarity =
    sim.strategy == STRATEGY_PRIORITY ? 20 + sim_below (1000) : rarities[sim_below (G_N_ELEMENTS (rarities))];
  sim.last_priority = G_MAXUINT / 2;
  for (guint i = 0; i < MAX_THREADS; i++)
    sim.threads[i] = (SimThread){ .stack = sim.threads[i].stack };
  sim.n_threads = 1;
  self->state = STATE_READY;
  self->name = "model";
  self->n_refs = 1;
  self->priority = G_MAXUINT / 2 + sim_below (1000);
  self->deadline_ns = G_MAXINT64;
  sim_timers_clear ();

  if (_setjmp (sim.end) != 0)
    {
      sim.current = NULL;
      return SIM_KILLED;
    }
  sim.current = self;
  func (data);
  sim.current = NULL;
  return SIM_ENDED;
}
