/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/dagsched-earlier-private.h"

#include "base/dagsched-pointers-private.h"

DagschedEarlier *
dagsched_earlier_new (void)
{
  DagschedEarlier *self = g_new0 (DagschedEarlier, 1);

  self->tests = g_array_new (FALSE, FALSE, sizeof (DagschedEarlierTest));
  self->places = g_hash_table_new (NULL, NULL);
  return self;
}

/* One chain as a list, the first attempt first. */
static GPtrArray *
list_attempts (const DagschedEarlierTest *test)
{
  GPtrArray *attempts = g_ptr_array_new ();

  for (DagschedAttemptRecord *record = test->last; record != NULL;
       record = (DagschedAttemptRecord *) record->previous)
    g_ptr_array_add (attempts, record);
  dagsched_pointers_reverse (attempts);
  return attempts;
}

void
dagsched_earlier_free (DagschedEarlier *self)
{
  for (guint i = 0; i < self->tests->len; i++)
    {
      g_autoptr (GPtrArray) attempts = list_attempts (&g_array_index (self->tests, DagschedEarlierTest, i));

      for (guint j = 0; j < attempts->len; j++)
        {
          DagschedAttemptRecord *record = g_ptr_array_index (attempts, j);

          dagsched_result_clear (record->result);
          g_free (record->result);
          g_free (record);
        }
    }
  g_array_unref (self->tests);
  g_hash_table_unref (self->places);
  if (self->free_data != NULL)
    self->free_data (self->data);
  g_free (self);
}

void
dagsched_earlier_add_test (DagschedEarlier *self, guint32 test, DagschedOutcome outcome, DagschedFlags flags)
{
  const DagschedEarlierTest earlier = { .test = test, .outcome = outcome, .flags = flags };

  g_array_append_val (self->tests, earlier);
  g_hash_table_insert (self->places, GUINT_TO_POINTER (test), GUINT_TO_POINTER (self->tests->len));
}

void
dagsched_earlier_add_attempt (DagschedEarlier *self, const DagschedAttemptRecord *record)
{
  DagschedEarlierTest *test = &g_array_index (self->tests, DagschedEarlierTest, self->tests->len - 1);
  DagschedAttemptRecord *added = g_memdup2 (record, sizeof *record);

  added->result = g_memdup2 (record->result, sizeof *record->result);
  added->previous = test->last;
  test->last = added;
}

const DagschedEarlierTest *
dagsched_earlier_find (DagschedEarlier *self, guint32 test)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->places, GUINT_TO_POINTER (test)));

  return place > 0 ? &g_array_index (self->tests, DagschedEarlierTest, place - 1) : NULL;
}

void
dagsched_earlier_for_each_attempt (DagschedEarlier *self,
                                   const DagschedEarlierTest *test,
                                   DagschedEarlierFunc func,
                                   gpointer user_data)
{
  g_autoptr (GPtrArray) attempts = list_attempts (test);

  for (guint i = 0; i < attempts->len; i++)
    {
      self->load_output (self->data, g_ptr_array_index (attempts, i));
      func (user_data, g_ptr_array_index (attempts, i));
    }
}
