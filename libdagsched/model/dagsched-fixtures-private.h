/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-digraph-private.h"

G_BEGIN_DECLS

/* Who uses a fixture: all that depend on it directly, whatever the condition, but its cleanup. Where a
 * user is a fixture itself, so do its cleanup and its own users. */
typedef struct
{
  DagschedDigraph dependents; /* each test's direct dependents */
  const guint8 *is_fixture;   /* of each test */
  const guint32 *cleanup;     /* of each test; G_MAXUINT32: none */

  guint32 *mark; /* of each test: who collected it last */
  guint32 n_marks;
  GArray *stack;
} DagschedFixtures;

/* What is pointed to is borrowed. */
void dagsched_fixtures_init (DagschedFixtures *self,
                             const DagschedDigraph *dependents,
                             const guint8 *is_fixture,
                             const guint32 *cleanup);
void dagsched_fixtures_clear (DagschedFixtures *self);

/* Puts the users of @fixture into @users (of guint32, emptied first), each once. With @reduced, the
 * users of a fixture that has a cleanup are left out: it is enough to wait for that cleanup. */
void
dagsched_fixtures_collect_users (DagschedFixtures *self, guint32 fixture, gboolean reduced, GArray *users);

G_END_DECLS
