/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-error.h"
#include "model/dagsched-graph-private.h"
#include "model/dagsched-isolation-private.h"
#include "model/dagsched-test-private.h"
#include "plan/dagsched-compiler-private.h"

/* Most tests have much in common. Each distinct combination of what they need is made once; a
 * combination is known by its bytes: the profile, its demands, its memberships. */
typedef struct
{
  DagschedCompiler *compiler;
  GHashTable *numbers; /* GBytes → number of the profile */
  GBytes *last_key;    /* (nullable) of the test before: most have the same */
  guint32 last_number;
  GByteArray *key; /* of the test at work */

  GHashTable *resources;   /* name (of the resource) → number */
  GHashTable *name_spaces; /* name (of a test) → GHashTable: group (of a test) → number */
  GHashTable *space_numbers;

  GArray *profiles;
  GArray *demands;
  GArray *memberships;
} Profiler;

static gint64
to_ns (double seconds)
{
  double ns = seconds * 1e9;

  if (ns <= 0)
    return 0;

  /* A century is for ever; it can be added to a clock without an overflow. */
  return ns < 1 ? 1 : (gint64) MIN (ns, 3.2e18);
}

static void
emit_resources (Profiler *self)
{
  DagschedPlanView *view = self->compiler->view;
  GListModel *resources = dagsched_graph_get_resources (self->compiler->graph);

  view->n_resources = g_list_model_get_n_items (resources);
  view->capacities = g_new (guint32, MAX (view->n_resources, 1));
  view->resource_names = g_new (const char *, MAX (view->n_resources, 1));
  for (guint i = 0; i < view->n_resources; i++)
    {
      g_autoptr (DagschedResource) resource = g_list_model_get_item (resources, i);
      const char *name = g_intern_string (dagsched_resource_get_name (resource));

      view->capacities[i] = dagsched_resource_get_capacity (resource);
      view->resource_names[i] = name;
      g_hash_table_insert (self->resources, (gpointer) name, GUINT_TO_POINTER (i));
    }
}

static guint32
number_in (GHashTable *table, const char *name)
{
  gpointer value;

  if (g_hash_table_lookup_extended (table, name, NULL, &value))
    return GPOINTER_TO_UINT (value);

  value = GUINT_TO_POINTER (g_hash_table_size (table));
  g_hash_table_insert (table, (gpointer) name, value);

  return GPOINTER_TO_UINT (value);
}

static DagschedMembership
number_group (Profiler *self, const DagschedGroup *group)
{
  GHashTable *groups = g_hash_table_lookup (self->name_spaces, group->name_space);
  DagschedMembership membership;

  if (groups == NULL)
    {
      groups = g_hash_table_new (g_str_hash, g_str_equal);
      g_hash_table_insert (self->name_spaces, (gpointer) group->name_space, groups);
    }
  membership.name_space = number_in (self->space_numbers, group->name_space);
  membership.group = number_in (groups, group->group);

  return membership;
}

static int
compare_first_number (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return x < y ? -1 : x > y;
}

/* Sorted by number: the same needs, said in another order, are the same profile. */
static void
append_demands (Profiler *self, DagschedTest *test, guint *n)
{
  const DagschedRequirement *requirements = dagsched_test_peek_requirements (test, n);
  guint start = self->key->len;

  for (guint i = 0; i < *n; i++)
    {
      DagschedDemand demand;

      demand.resource = GPOINTER_TO_UINT (g_hash_table_lookup (self->resources, requirements[i].name));
      demand.amount = MIN (requirements[i].amount, self->compiler->view->capacities[demand.resource]);
      g_byte_array_append (self->key, (const guint8 *) &demand, sizeof demand);
    }
  if (*n > 1)
    qsort (self->key->data + start, *n, sizeof (DagschedDemand), compare_first_number);
}

static void
append_memberships (Profiler *self, DagschedTest *test, guint *n)
{
  const DagschedGroup *groups = dagsched_test_peek_groups (test, n);
  guint start = self->key->len;

  for (guint i = 0; i < *n; i++)
    {
      DagschedMembership membership = number_group (self, &groups[i]);

      g_byte_array_append (self->key, (const guint8 *) &membership, sizeof membership);
    }
  if (*n > 1)
    qsort (self->key->data + start, *n, sizeof (DagschedMembership), compare_first_number);
}

static gboolean
find_kind (DagschedTest *test, gboolean isolate, guint8 *kind, GError **error)
{
  gboolean is_function = DAGSCHED_TEST_GET_CLASS (test)->run != NULL;

  *kind = DAGSCHED_KIND_PROCESS;
  if ((isolate || !is_function) && dagsched_test_peek_command (test) != NULL)
    return TRUE;

  *kind = DAGSCHED_KIND_FUNCTION;
  if (is_function)
    return TRUE;

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED,
               "test \"%s\" can't be carried out: its class %s does not implement run()",
               dagsched_test_get_name (test), G_OBJECT_TYPE_NAME (test));

  return FALSE;
}

static gboolean
fill_profile (Profiler *self, DagschedTest *test, DagschedProfile *profile, GError **error)
{
  const DagschedPlanParams *params = self->compiler->params;
  int retries = dagsched_test_get_retries (test);

  /* The key is made of all bytes, padding included. */
  memset (profile, 0, sizeof *profile);
  profile->timeout_ns = to_ns (dagsched_test_get_timeout (test) * params->timeout_multiplier);
  profile->grace_ns = to_ns (dagsched_test_get_grace (test));
  profile->slow_after_ns = to_ns (dagsched_test_get_slow_after (test));
  profile->retry_delay_ns = to_ns (dagsched_test_get_retry_delay (test));
  profile->retries = retries >= 0 ? retries : MAX (params->retries, 0);
  profile->slots = dagsched_test_get_slots (test);
  profile->exclusive = dagsched_test_get_exclusive (test);
  profile->expected_failure = dagsched_test_get_expected_failure (test);

  return find_kind (test, params->isolate, &profile->kind, error);
}

static guint32
add_profile (Profiler *self)
{
  DagschedProfile profile;
  const guint8 *rest = self->key->data + sizeof profile;

  memcpy (&profile, self->key->data, sizeof profile);
  profile.first_demand = self->demands->len;
  profile.first_membership = self->memberships->len;
  g_array_append_vals (self->demands, rest, profile.n_demands);
  g_array_append_vals (self->memberships, rest + profile.n_demands * sizeof (DagschedDemand),
                       profile.n_memberships);
  g_array_append_val (self->profiles, profile);

  return self->profiles->len - 1;
}

static void
find_profile (Profiler *self)
{
  gpointer number;
  gsize length;
  const guint8 *last = self->last_key != NULL ? g_bytes_get_data (self->last_key, &length) : NULL;
  GBytes *key;

  if (last != NULL && length == self->key->len && memcmp (last, self->key->data, length) == 0)
    return;

  key = g_bytes_new (self->key->data, self->key->len);
  if (!g_hash_table_lookup_extended (self->numbers, key, NULL, &number))
    {
      number = GUINT_TO_POINTER (add_profile (self));
      g_hash_table_insert (self->numbers, g_bytes_ref (key), number);
    }
  self->last_number = GPOINTER_TO_UINT (number);
  g_clear_pointer (&self->last_key, g_bytes_unref);
  self->last_key = key;
}

static gboolean
profile_test (Profiler *self, DagschedTest *test, guint32 *number, GError **error)
{
  DagschedProfile profile;

  if (!fill_profile (self, test, &profile, error))
    return FALSE;

  g_byte_array_set_size (self->key, sizeof profile);
  append_demands (self, test, &profile.n_demands);
  append_memberships (self, test, &profile.n_memberships);
  memcpy (self->key->data, &profile, sizeof profile);
  find_profile (self);
  *number = self->last_number;

  return TRUE;
}

static gboolean
profile_tests (Profiler *self, GError **error)
{
  DagschedPlanView *view = self->compiler->view;
  guint32 n = self->compiler->n_selected;

  view->profile = g_new (guint32, MAX (view->n_tests, 1));
  for (guint32 i = 0; i < n; i++)
    {
      if (!profile_test (self, view->tests[i], &view->profile[i], error))
        return FALSE;
    }
  for (guint32 i = n; i < view->n_tests; i++)
    view->profile[i] = view->profile[i - n];

  return TRUE;
}

static void
emit_profiles (Profiler *self)
{
  DagschedPlanView *view = self->compiler->view;

  view->n_name_spaces = g_hash_table_size (self->space_numbers);
  view->n_profiles = self->profiles->len;
  view->profiles = (DagschedProfile *) (void *) g_array_free (self->profiles, FALSE);
  view->demands = (DagschedDemand *) (void *) g_array_free (self->demands, FALSE);
  view->memberships = (DagschedMembership *) (void *) g_array_free (self->memberships, FALSE);

  for (guint32 i = 0; i < view->n_profiles; i++)
    {
      view->has_functions |= view->profiles[i].kind == DAGSCHED_KIND_FUNCTION;
      view->has_processes |= view->profiles[i].kind == DAGSCHED_KIND_PROCESS;
    }
}

static void
profiler_clear (Profiler *self)
{
  g_clear_pointer (&self->last_key, g_bytes_unref);
  g_hash_table_unref (self->numbers);
  g_hash_table_unref (self->resources);
  g_hash_table_unref (self->name_spaces);
  g_hash_table_unref (self->space_numbers);
  g_byte_array_unref (self->key);
}

gboolean
dagsched_compiler_emit_profiles (DagschedCompiler *self, GError **error)
{
  Profiler profiler = { .compiler = self };
  gboolean profiled;

  profiler.numbers =
    g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  profiler.resources = g_hash_table_new (g_str_hash, g_str_equal);
  profiler.name_spaces =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_hash_table_unref);
  profiler.space_numbers = g_hash_table_new (g_str_hash, g_str_equal);
  profiler.key = g_byte_array_new ();
  profiler.profiles = g_array_new (FALSE, FALSE, sizeof (DagschedProfile));
  profiler.demands = g_array_new (FALSE, FALSE, sizeof (DagschedDemand));
  profiler.memberships = g_array_new (FALSE, FALSE, sizeof (DagschedMembership));

  emit_resources (&profiler);
  profiled = profile_tests (&profiler, error);
  emit_profiles (&profiler);
  profiler_clear (&profiler);

  return profiled;
}
