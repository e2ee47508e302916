/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-causes-private.h"

#define MAX_LINKS 3 /* of a chain that are spelled out before its end */

struct _DagschedCauses
{
  GHashTable
    *roots; /* DagschedTest → DagschedTest further on, not owned: a run's tests outlive its reports */
};

DagschedCauses *
dagsched_causes_new (void)
{
  DagschedCauses *self = g_new0 (DagschedCauses, 1);

  self->roots = g_hash_table_new (NULL, NULL);

  return self;
}

void
dagsched_causes_free (DagschedCauses *self)
{
  g_hash_table_unref (self->roots);
  g_free (self);
}

static DagschedTest *
get_next (DagschedTest *test)
{
  return dagsched_test_get_outcome (test) == DAGSCHED_OUTCOME_BLOCKED ? dagsched_test_get_blocked_by (test)
                                                                      : NULL;
}

/* What a test leads to is remembered as far as it is known, and gone on from. A log that somebody wrote by hand can hold
 * a circle: each test on the way leads to itself until the end is found, so that a second visit ends the walk. */
DagschedTest *
dagsched_causes_get_root (DagschedCauses *self, DagschedTest *test)
{
  g_autoptr (GPtrArray) way = g_ptr_array_new ();
  DagschedTest *root, *next;

  for (root = test;; root = next)
    {
      DagschedTest *known = g_hash_table_lookup (self->roots, root);

      next = known != NULL ? known : get_next (root);
      if (next == NULL || next == root)
        break;
      if (known == NULL)
        g_hash_table_insert (self->roots, root, root);
      g_ptr_array_add (way, root);
    }

  for (guint i = 0; i < way->len; i++)
    g_hash_table_insert (self->roots, way->pdata[i], root);

  return root;
}

gboolean
dagsched_causes_is_blocked_by_failure (DagschedCauses *self, DagschedTest *test)
{
  if (dagsched_test_get_outcome (test) != DAGSCHED_OUTCOME_BLOCKED)
    return FALSE;

  return dagsched_test_get_outcome (dagsched_causes_get_root (self, test)) != DAGSCHED_OUTCOME_SKIPPED;
}

static void
append_link (GString *chain, DagschedTest *test)
{
  g_autofree char *name = dagsched_causes_dup_name (test);

  if (chain->len > 0)
    g_string_append (chain, ", ");
  g_string_append_printf (chain, "blocked by %s", name);
}

static void
append_end (GString *chain, DagschedTest *root)
{
  const char *reason = dagsched_test_get_reason (root);

  g_string_append_printf (chain, " (%s", dagsched_outcome_to_string (dagsched_test_get_outcome (root)));
  if (reason != NULL && *reason != '\0')
    g_string_append_printf (chain, ": %s", reason);
  g_string_append_c (chain, ')');
}

char *
dagsched_causes_dup_chain (DagschedCauses *self, DagschedTest *test)
{
  DagschedTest *root = dagsched_causes_get_root (self, test), *link = get_next (test);
  GString *chain = g_string_new (NULL);

  if (link == NULL)
    return g_string_free (chain, FALSE);

  for (guint i = 0; i < MAX_LINKS && link != NULL && link != root; i++)
    {
      append_link (chain, link);
      link = get_next (link);
    }
  if (link != NULL && link != root)
    g_string_append (chain, ", …");
  append_link (chain, root);
  append_end (chain, root);

  return g_string_free (chain, FALSE);
}

char *
dagsched_causes_dup_reason (DagschedCauses *self, DagschedTest *test)
{
  DagschedOutcome outcome = dagsched_test_get_outcome (test);
  const char *reason = dagsched_test_get_reason (test);

  if (outcome == DAGSCHED_OUTCOME_BLOCKED && dagsched_test_get_blocked_by (test) != NULL)
    return dagsched_causes_dup_chain (self, test);
  if (reason != NULL && *reason != '\0')
    return g_strdup (reason);

  return outcome == DAGSCHED_OUTCOME_PASSED ? NULL : g_strdup (dagsched_outcome_to_string (outcome));
}

char *
dagsched_causes_dup_name (DagschedTest *test)
{
  guint repetition = dagsched_test_get_repetition (test);

  if (repetition == 0)
    return g_strdup (dagsched_test_get_name (test));

  return g_strdup_printf ("%s#%u", dagsched_test_get_name (test), repetition);
}
