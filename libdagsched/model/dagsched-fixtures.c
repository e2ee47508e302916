/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-fixtures-private.h"

void
dagsched_fixtures_init (DagschedFixtures *self,
                        const DagschedDigraph *dependents,
                        const guint8 *is_fixture,
                        const guint32 *cleanup)
{
  self->dependents = *dependents;
  self->is_fixture = is_fixture;
  self->cleanup = cleanup;
  self->mark = g_new0 (guint32, MAX (dependents->n_nodes, 1));
  self->n_marks = 0;
  self->stack = g_array_new (FALSE, FALSE, sizeof (guint32));
}

void
dagsched_fixtures_clear (DagschedFixtures *self)
{
  g_clear_pointer (&self->mark, g_free);
  g_clear_pointer (&self->stack, g_array_unref);
}

static void
collect (DagschedFixtures *self, guint32 test, GArray *users)
{
  if (self->mark[test] == self->n_marks)
    return;

  self->mark[test] = self->n_marks;
  g_array_append_val (users, test);
  if (self->is_fixture[test])
    g_array_append_val (self->stack, test);
}

static void
collect_dependents (DagschedFixtures *self, guint32 fixture, GArray *users)
{
  const DagschedDigraph *dependents = &self->dependents;

  for (guint32 i = dependents->first[fixture]; i < dependents->first[fixture + 1]; i++)
    collect (self, dependents->to[i], users);
}

void
dagsched_fixtures_collect_users (DagschedFixtures *self, guint32 fixture, gboolean reduced, GArray *users)
{
  g_array_set_size (users, 0);
  self->n_marks++;
  self->mark[fixture] = self->n_marks;
  if (self->cleanup[fixture] != G_MAXUINT32)
    self->mark[self->cleanup[fixture]] = self->n_marks;

  collect_dependents (self, fixture, users);
  while (self->stack->len > 0)
    {
      guint32 user = g_array_index (self->stack, guint32, self->stack->len - 1);

      g_array_set_size (self->stack, self->stack->len - 1);
      if (self->cleanup[user] != G_MAXUINT32)
        collect (self, self->cleanup[user], users);
      if (!reduced || self->cleanup[user] == G_MAXUINT32)
        collect_dependents (self, user, users);
    }
}
