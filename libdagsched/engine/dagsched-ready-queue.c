/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-ready-queue-private.h"

#define BITS 64

static guint
n_words_for (guint n)
{
  return MAX ((n + BITS - 1) / BITS, 1);
}

void
dagsched_ready_queue_init (DagschedReadyQueue *self, const DagschedPlanView *view)
{
  guint n_words = 0;
  guint n = view->n_tests;

  *self = (DagschedReadyQueue){ .rank = view->rank, .order = view->order };
  do
    {
      n = n_words_for (n);
      n_words += n;
      self->n_levels++;
    }
  while (n > 1);

  self->levels[0] = g_new0 (guint64, n_words);
  self->n_words = n = n_words_for (view->n_tests);
  for (guint i = 1; i < self->n_levels; i++)
    {
      self->levels[i] = self->levels[i - 1] + n;
      n = n_words_for (n);
    }
}

void
dagsched_ready_queue_clear (DagschedReadyQueue *self)
{
  g_clear_pointer (&self->levels[0], g_free);
  self->n_levels = 0;
}

void
dagsched_ready_queue_push (DagschedReadyQueue *self, guint32 test)
{
  guint32 position = self->rank[test];

  for (guint i = 0; i < self->n_levels; i++, position /= BITS)
    {
      guint64 *word = &self->levels[i][position / BITS];
      guint64 before = *word;

      *word |= G_GUINT64_CONSTANT (1) << position % BITS;
      if (before != 0)
        return;
    }
}

/* Of an empty word there is none. */
static guint
find_lowest_bit (guint64 word)
{
  return (guint) __builtin_ctzll (word);
}

/* FALSE: it is empty. */
static gboolean
find_first (const DagschedReadyQueue *self, guint32 *rank)
{
  guint32 position = 0;

  if (self->n_levels == 0 || self->levels[self->n_levels - 1][0] == 0)
    return FALSE;

  for (guint i = self->n_levels; i-- > 0;)
    position = position * BITS + find_lowest_bit (self->levels[i][position]);
  *rank = position;
  return TRUE;
}

static void
remove_rank (DagschedReadyQueue *self, guint32 rank)
{
  guint32 position = rank;

  for (guint i = 0; i < self->n_levels; i++, position /= BITS)
    {
      guint64 *word = &self->levels[i][position / BITS];

      *word &= ~(G_GUINT64_CONSTANT (1) << position % BITS);
      if (*word != 0)
        return;
    }
}

gboolean
dagsched_ready_queue_pop (DagschedReadyQueue *self, guint32 *test)
{
  guint32 rank;

  if (!find_first (self, &rank))
    return FALSE;

  remove_rank (self, rank);
  *test = self->order[rank];
  return TRUE;
}

gboolean
dagsched_ready_queue_guess (const DagschedReadyQueue *self, guint position, guint32 *test)
{
  guint32 rank;

  if (!find_first (self, &rank))
    return FALSE;

  for (guint32 i = rank / BITS; i < MIN (rank / BITS + 2, self->n_words); i++)
    {
      guint64 word = self->levels[0][i];

      for (; position > 0 && word != 0; position--)
        word &= word - 1;
      if (word == 0)
        continue;
      *test = self->order[i * BITS + find_lowest_bit (word)];
      return TRUE;
    }

  return FALSE;
}

void
dagsched_ready_queue_remove_all (DagschedReadyQueue *self)
{
  guint32 rank;

  while (find_first (self, &rank))
    remove_rank (self, rank);
}
