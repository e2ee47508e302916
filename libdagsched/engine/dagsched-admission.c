/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-admission-private.h"

#include "base/dagsched-large-private.h"
#include "engine/dagsched-rank-heap-private.h"

/* How often a test is overtaken at its gates before it gets the reservation. */
#define PATIENCE 16
/* A look at everybody's patience after so many starts. */
#define REVIEW_INTERVAL 16

/* The waiters of a gate who want the same of it, best rank first. */
typedef struct
{
  guint32 amount; /* of a resource or of slots; of a name-space: the group */
  DagschedRankHeap waiters;
} Class;

/* One thing that can be taken. */
typedef struct
{
  guint32 available; /* name-space: number of members running */
  guint32 group;     /* name-space: whose members they are */
  guint64 n_taken;   /* ever */
  GArray *classes;   /* (nullable) of Class */
} Gate;

/* What is known of a test that had to wait. */
typedef struct
{
  gint gate;           /* where it waits; -1: back in the ready queue, or about to start */
  gint came_from;      /* the gate that let it try again; -1: none */
  guint64 n_overtaken; /* the sum of n_taken of its gates when it first waited */
} Waiter;

/* Gates: 0 the slots, then the resources, then the name-spaces. What changes with each test is on one cache line. */
struct _DagschedAdmission
{
  const DagschedPlanView *view;
  guint32 n_lanes;
  guint n_gates;
  GHashTable *waiters; /* test number → Waiter: those who had to wait and have not started */
  GQueue line;         /* test numbers, who waited first comes first; may hold some that started */
  guint32 reserved;    /* test number, or DAGSCHED_NO_TEST */
  guint n_waiting;     /* at gates */
  _Alignas(DAGSCHED_CACHE_LINE) guint64 n_starts;
  Gate gates[];
};

static const DagschedProfile *
profile_of (DagschedAdmission *self, guint32 test)
{
  return &self->view->profiles[self->view->profile[test]];
}

static guint32
slots_of (DagschedAdmission *self, guint32 test)
{
  const DagschedProfile *profile = profile_of (self, test);

  return profile->exclusive ? self->n_lanes : MIN (profile->slots, self->n_lanes);
}

static gboolean
is_name_space (DagschedAdmission *self, guint gate)
{
  return gate > self->view->n_resources;
}

/* What @test wants: its @position-th gate, and the amount or group. Slots come first. */
static gboolean
want_at (DagschedAdmission *self, guint32 test, guint position, guint *gate, guint32 *amount)
{
  const DagschedProfile *profile = profile_of (self, test);

  if (position == 0)
    {
      *gate = 0;
      *amount = slots_of (self, test);
      return TRUE;
    }
  position--;
  if (position < profile->n_demands)
    {
      const DagschedDemand *demand = &self->view->demands[profile->first_demand + position];

      *gate = 1 + demand->resource;
      *amount = demand->amount;
      return TRUE;
    }
  position -= profile->n_demands;
  if (position < profile->n_memberships)
    {
      const DagschedMembership *membership = &self->view->memberships[profile->first_membership + position];

      *gate = 1 + self->view->n_resources + membership->name_space;
      *amount = membership->group;
      return TRUE;
    }

  return FALSE;
}

DagschedAdmission *
dagsched_admission_new (const DagschedPlanView *view, guint n_lanes)
{
  guint n_gates = 1 + view->n_resources + view->n_name_spaces;
  DagschedAdmission *self =
    g_aligned_alloc0 (1, sizeof (DagschedAdmission) + n_gates * sizeof (Gate), DAGSCHED_CACHE_LINE);

  self->view = view;
  self->n_lanes = n_lanes;
  self->n_gates = n_gates;
  self->gates[0].available = n_lanes;
  for (guint i = 0; i < view->n_resources; i++)
    self->gates[1 + i].available = view->capacities[i];
  self->waiters = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_queue_init (&self->line);
  self->reserved = DAGSCHED_NO_TEST;
  return self;
}

void
dagsched_admission_free (DagschedAdmission *self)
{
  for (guint i = 0; i < self->n_gates; i++)
    {
      GArray *classes = self->gates[i].classes;

      for (guint j = 0; classes != NULL && j < classes->len; j++)
        dagsched_rank_heap_clear (&g_array_index (classes, Class, j).waiters);
      g_clear_pointer (&self->gates[i].classes, g_array_unref);
    }
  g_hash_table_unref (self->waiters);
  g_queue_clear (&self->line);
  g_aligned_free (self);
}

static gboolean
fits (DagschedAdmission *self, guint gate, guint32 amount)
{
  const Gate *g = &self->gates[gate];

  if (is_name_space (self, gate))
    return g->available == 0 || g->group == amount;

  return g->available >= amount;
}

static void
take (DagschedAdmission *self, guint gate, guint32 amount)
{
  Gate *g = &self->gates[gate];

  g->n_taken++;
  if (is_name_space (self, gate))
    {
      g->group = amount;
      g->available++;
    }
  else
    g->available -= amount;
}

static Waiter *
lookup_waiter (DagschedAdmission *self, guint32 test)
{
  if (g_hash_table_size (self->waiters) == 0)
    return NULL;

  return g_hash_table_lookup (self->waiters, GUINT_TO_POINTER (test));
}

/* Whether @test would take what the holder of the reservation names at @gate. */
static gboolean
is_reserved_against (DagschedAdmission *self, guint32 test, guint gate, guint32 amount)
{
  guint reserved_gate;
  guint32 reserved_amount;

  if (self->reserved == DAGSCHED_NO_TEST || self->reserved == test)
    return FALSE;

  for (guint i = 0; want_at (self, self->reserved, i, &reserved_gate, &reserved_amount); i++)
    {
      if (reserved_gate != gate)
        continue;
      if (gate == 0)
        return reserved_amount > 1;
      return !is_name_space (self, gate) || reserved_amount != amount;
    }

  return FALSE;
}

/* The first gate that refuses @test, or -1. */
static int
find_obstacle (DagschedAdmission *self, guint32 test)
{
  guint gate;
  guint32 amount;

  for (guint i = 0; want_at (self, test, i, &gate, &amount); i++)
    {
      if (!fits (self, gate, amount) || is_reserved_against (self, test, gate, amount))
        return gate;
    }

  return -1;
}

static guint64
sum_taken (DagschedAdmission *self, guint32 test)
{
  const DagschedProfile *profile = profile_of (self, test);
  guint64 sum = 0;
  guint gate;
  guint32 amount;

  for (guint i = 0; want_at (self, test, i, &gate, &amount); i++)
    {
      /* Everybody takes slots: that overtakes only those who need several. */
      if (gate != 0 || profile->exclusive || amount > 1)
        sum += self->gates[gate].n_taken;
    }

  return sum;
}

static DagschedRankHeap *
ensure_class (DagschedAdmission *self, guint gate, guint32 amount)
{
  Gate *g = &self->gates[gate];
  Class fresh = { .amount = amount };

  if (g->classes == NULL)
    g->classes = g_array_new (FALSE, FALSE, sizeof (Class));
  for (guint i = 0; i < g->classes->len; i++)
    {
      Class *class = &g_array_index (g->classes, Class, i);

      if (class->amount == amount)
        return &class->waiters;
    }

  dagsched_rank_heap_init (&fresh.waiters, self->view->rank);
  g_array_append_val (g->classes, fresh);
  return &g_array_index (g->classes, Class, g->classes->len - 1).waiters;
}

static guint32
amount_at (DagschedAdmission *self, guint32 test, guint gate)
{
  guint at;
  guint32 amount;

  for (guint i = 0; want_at (self, test, i, &at, &amount); i++)
    {
      if (at == gate)
        return amount;
    }

  g_assert_not_reached ();
}

static void
wait_at (DagschedAdmission *self, guint32 test, guint gate)
{
  Waiter *waiter = lookup_waiter (self, test);

  if (waiter == NULL)
    {
      waiter = g_new (Waiter, 1);
      waiter->came_from = -1;
      waiter->n_overtaken = sum_taken (self, test);
      g_hash_table_insert (self->waiters, GUINT_TO_POINTER (test), waiter);
      g_queue_push_tail (&self->line, GUINT_TO_POINTER (test));
    }
  waiter->gate = gate;
  self->n_waiting++;
  dagsched_rank_heap_push (ensure_class (self, gate, amount_at (self, test, gate)), test);
}

/* The best of a class that still waits here; those who have left are dropped. */
static gboolean
peek_class (DagschedAdmission *self, guint gate, Class *class, guint32 *test)
{
  while (dagsched_rank_heap_peek (&class->waiters, test))
    {
      Waiter *waiter = lookup_waiter (self, *test);

      if (waiter != NULL && waiter->gate == (gint) gate)
        return TRUE;
      dagsched_rank_heap_pop (&class->waiters, test);
    }

  return FALSE;
}

/* Lets the best waiter of a gate whom it would not refuse try again; when that one has tried, the
 * next may (see dagsched_admission_next()). */
static void
call_next (DagschedAdmission *self, DagschedReadyQueue *ready, guint gate)
{
  GArray *classes = self->gates[gate].classes;
  Class *best_class = NULL;
  guint32 best = DAGSCHED_NO_TEST;
  Waiter *waiter;

  for (guint i = 0; classes != NULL && i < classes->len; i++)
    {
      Class *class = &g_array_index (classes, Class, i);
      guint32 test;

      if (fits (self, gate, class->amount) && peek_class (self, gate, class, &test) &&
          !is_reserved_against (self, test, gate, class->amount) &&
          (best_class == NULL || self->view->rank[test] < self->view->rank[best]))
        {
          best_class = class;
          best = test;
        }
    }
  /* The holder of the reservation is tried before all others anyway; it must not be queued as well. */
  if (best_class == NULL || best == self->reserved)
    return;

  dagsched_rank_heap_pop (&best_class->waiters, &best);
  waiter = lookup_waiter (self, best);
  waiter->gate = -1;
  waiter->came_from = gate;
  self->n_waiting--;
  dagsched_ready_queue_push (ready, best);
}

static void
call_all_gates_of (DagschedAdmission *self, DagschedReadyQueue *ready, guint32 test)
{
  guint gate;
  guint32 amount;

  for (guint i = 0; want_at (self, test, i, &gate, &amount); i++)
    call_next (self, ready, gate);
}

static void
take_all (DagschedAdmission *self, DagschedReadyQueue *ready, guint32 test)
{
  Waiter *waiter = lookup_waiter (self, test);
  gboolean was_reserved = self->reserved == test;
  guint gate;
  guint32 amount;

  for (guint i = 0; want_at (self, test, i, &gate, &amount); i++)
    take (self, gate, amount);
  self->n_starts++;

  if (waiter != NULL)
    {
      if (waiter->gate >= 0)
        self->n_waiting--;
      g_hash_table_remove (self->waiters, GUINT_TO_POINTER (test));
    }
  if (was_reserved)
    {
      self->reserved = DAGSCHED_NO_TEST;
      call_all_gates_of (self, ready, test);
    }
}

/* Gives the reservation to the one who waits longest of those whose patience is over. */
static void
review_line (DagschedAdmission *self)
{
  GList *link = self->line.head;

  while (link != NULL && self->reserved == DAGSCHED_NO_TEST)
    {
      guint32 test = GPOINTER_TO_UINT (link->data);
      Waiter *waiter = lookup_waiter (self, test);
      GList *next = link->next;

      if (waiter == NULL)
        g_queue_delete_link (&self->line, link);
      else if (waiter->gate >= 0 && sum_taken (self, test) - waiter->n_overtaken > PATIENCE)
        self->reserved = test;
      link = next;
    }
}

/* One look at a test out of the ready queue: it starts, or waits at a gate. */
static gboolean
try_ready (DagschedAdmission *self, DagschedReadyQueue *ready, guint32 test, gboolean *had_waited)
{
  Waiter *waiter = lookup_waiter (self, test);
  gint came_from = waiter != NULL ? waiter->came_from : -1;
  int obstacle = find_obstacle (self, test);

  *had_waited = waiter != NULL;
  if (waiter != NULL)
    waiter->came_from = -1;
  if (obstacle < 0)
    take_all (self, ready, test);
  else
    wait_at (self, test, obstacle);
  if (came_from >= 0)
    call_next (self, ready, came_from);

  return obstacle < 0;
}

gboolean
dagsched_admission_next (DagschedAdmission *self,
                         DagschedReadyQueue *ready,
                         guint32 *test,
                         gboolean *had_waited)
{
  if (self->reserved == DAGSCHED_NO_TEST && self->n_waiting > 0 && self->n_starts % REVIEW_INTERVAL == 0)
    review_line (self);

  if (self->reserved != DAGSCHED_NO_TEST)
    {
      if (find_obstacle (self, self->reserved) < 0)
        {
          *test = self->reserved;
          *had_waited = TRUE;
          take_all (self, ready, *test);
          return TRUE;
        }
      if (slots_of (self, self->reserved) > 1)
        return FALSE;
    }

  while (self->gates[0].available > 0 && dagsched_ready_queue_pop (ready, test))
    {
      if (try_ready (self, ready, *test, had_waited))
        return TRUE;
    }

  return FALSE;
}

void
dagsched_admission_release (DagschedAdmission *self, DagschedReadyQueue *ready, guint32 test)
{
  guint gate;
  guint32 amount;

  for (guint i = 0; want_at (self, test, i, &gate, &amount); i++)
    {
      if (is_name_space (self, gate))
        self->gates[gate].available--;
      else
        self->gates[gate].available += amount;
    }
  call_all_gates_of (self, ready, test);
}

void
dagsched_admission_expel (DagschedAdmission *self, DagschedReadyQueue *ready)
{
  for (guint i = 0; i < self->n_gates; i++)
    {
      GArray *classes = self->gates[i].classes;
      guint32 test;

      for (guint j = 0; classes != NULL && j < classes->len; j++)
        {
          Class *class = &g_array_index (classes, Class, j);

          while (peek_class (self, i, class, &test))
            {
              Waiter *waiter = lookup_waiter (self, test);

              g_assert (waiter != NULL);
              dagsched_rank_heap_pop (&class->waiters, &test);
              waiter->gate = -1;
              dagsched_ready_queue_push (ready, test);
            }
        }
    }
  g_hash_table_remove_all (self->waiters);
  g_queue_clear (&self->line);
  self->reserved = DAGSCHED_NO_TEST;
  self->n_waiting = 0;
}

guint
dagsched_admission_get_n_waiting (DagschedAdmission *self)
{
  return self->n_waiting;
}

char *
dagsched_admission_dup_obstacle (DagschedAdmission *self, guint32 test)
{
  int gate = find_obstacle (self, test);

  if (gate < 0)
    return NULL;
  if (gate == 0)
    return g_strdup_printf ("%u %s (%u free)", slots_of (self, test),
                            slots_of (self, test) == 1 ? "slot" : "slots", self->gates[0].available);
  if (is_name_space (self, gate))
    return g_strdup ("another group to end");

  return g_strdup_printf ("%u of resource \"%s\" (%u free)", amount_at (self, test, gate),
                          self->view->resource_names[gate - 1], self->gates[gate].available);
}
