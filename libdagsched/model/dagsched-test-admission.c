/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-strv-private.h"
#include "model/dagsched-test-struct-private.h"

/**
 * dagsched_test_get_priority:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:priority].
 *
 * Returns: the value
 *
 * Since: 1.0
 */
int
dagsched_test_get_priority (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);

  return dagsched_test_get_private (self)->priority;
}

/**
 * dagsched_test_set_priority:
 * @self: a test
 * @priority: the value
 *
 * Sets [property@Dagsched.Test:priority]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_priority (DagschedTest *self, int priority)
{
  DagschedTestPrivate *priv = dagsched_test_get_private (self);

  g_return_if_fail (DAGSCHED_IS_TEST (self));

  if (priv->priority == priority)
    return;

  priv->priority = priority;
  dagsched_test_notify (self, DAGSCHED_TEST_PROP_PRIORITY);
}

/**
 * dagsched_test_get_slots:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:slots].
 *
 * Returns: the number
 *
 * Since: 1.0
 */
guint
dagsched_test_get_slots (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);

  return dagsched_test_peek_extra (self)->slots;
}

/**
 * dagsched_test_set_slots:
 * @self: a test
 * @slots: the number, at least 1
 *
 * Sets [property@Dagsched.Test:slots]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_slots (DagschedTest *self, guint slots)
{
  g_return_if_fail (DAGSCHED_IS_TEST (self));
  g_return_if_fail (slots >= 1);

  if (dagsched_test_peek_extra (self)->slots == slots)
    return;

  dagsched_test_ensure_extra (self)->slots = slots;
  dagsched_test_notify (self, DAGSCHED_TEST_PROP_SLOTS);
}

/**
 * dagsched_test_get_exclusive:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:exclusive].
 *
 * Returns: whether it is so
 *
 * Since: 1.0
 */
gboolean
dagsched_test_get_exclusive (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), FALSE);

  return dagsched_test_get_private (self)->exclusive;
}

/**
 * dagsched_test_set_exclusive:
 * @self: a test
 * @exclusive: whether it is so
 *
 * Sets [property@Dagsched.Test:exclusive]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_exclusive (DagschedTest *self, gboolean exclusive)
{
  DagschedTestPrivate *priv = dagsched_test_get_private (self);

  g_return_if_fail (DAGSCHED_IS_TEST (self));

  exclusive = !!exclusive;
  if (priv->exclusive == exclusive)
    return;

  priv->exclusive = exclusive;
  dagsched_test_notify (self, DAGSCHED_TEST_PROP_EXCLUSIVE);
}

static void
clear_requirement (gpointer data)
{
  DagschedRequirement *requirement = data;

  g_ref_string_release ((GRefString *) requirement->name);
}

static void
clear_group (gpointer data)
{
  DagschedGroup *group = data;

  g_ref_string_release ((GRefString *) group->name_space);
  g_ref_string_release ((GRefString *) group->group);
}

static GArray *
requirements_new (void)
{
  GArray *array = g_array_sized_new (FALSE, FALSE, sizeof (DagschedRequirement), 1);

  g_array_set_clear_func (array, clear_requirement);

  return array;
}

static GArray *
groups_new (void)
{
  GArray *array = g_array_sized_new (FALSE, FALSE, sizeof (DagschedGroup), 1);

  g_array_set_clear_func (array, clear_group);

  return array;
}

static DagschedRequirement *
find_requirement (GArray *requirements, const char *resource, guint *position)
{
  for (guint i = 0; requirements != NULL && i < requirements->len; i++)
    {
      DagschedRequirement *requirement = &g_array_index (requirements, DagschedRequirement, i);

      *position = i;
      if (strcmp (requirement->name, resource) == 0)
        return requirement;
    }

  return NULL;
}

static DagschedGroup *
find_group (GArray *groups, const char *name_space, guint *position)
{
  for (guint i = 0; groups != NULL && i < groups->len; i++)
    {
      DagschedGroup *group = &g_array_index (groups, DagschedGroup, i);

      *position = i;
      if (strcmp (group->name_space, name_space) == 0)
        return group;
    }

  return NULL;
}

/**
 * dagsched_test_set_requirement:
 * @self: a test
 * @resource: the name of a [class@Dagsched.Resource] of the test's graph
 * @amount: how much the test takes while it runs; %DAGSCHED_ALL: the whole capacity; 0: none
 *
 * Makes the test take an amount of a resource while it runs. All that a test requires is taken at
 * once, or nothing: tests that wait hold nothing. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_requirement (DagschedTest *self, const char *resource, guint amount)
{
  DagschedTestExtra *extra;
  DagschedRequirement *requirement;
  guint position;

  g_return_if_fail (DAGSCHED_IS_TEST (self));
  g_return_if_fail (resource != NULL);

  extra = dagsched_test_ensure_extra (self);
  requirement = find_requirement (extra->requirements, resource, &position);

  if (requirement != NULL && amount == 0)
    {
      g_array_remove_index (extra->requirements, position);
    }
  else if (requirement != NULL)
    {
      requirement->amount = amount;
    }
  else if (amount > 0)
    {
      DagschedRequirement added = { g_ref_string_new_intern (resource), amount };

      if (extra->requirements == NULL)
        extra->requirements = requirements_new ();
      g_array_append_val (extra->requirements, added);
    }
}

/**
 * dagsched_test_get_requirement:
 * @self: a test
 * @resource: the name of a resource
 *
 * Gets how much of a resource the test takes while it runs.
 *
 * Returns: the amount, %DAGSCHED_ALL for the whole capacity, 0 for none
 *
 * Since: 1.0
 */
guint
dagsched_test_get_requirement (DagschedTest *self, const char *resource)
{
  DagschedRequirement *requirement;
  guint position;

  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);
  g_return_val_if_fail (resource != NULL, 0);

  requirement = find_requirement (dagsched_test_peek_extra (self)->requirements, resource, &position);

  return requirement != NULL ? requirement->amount : 0;
}

/**
 * dagsched_test_list_requirements:
 * @self: a test
 *
 * Lists the resources that the test requires, in the order in which they were first set.
 *
 * Returns: (transfer full) (array zero-terminated=1): their names
 *
 * Since: 1.0
 */
char **
dagsched_test_list_requirements (DagschedTest *self)
{
  const DagschedRequirement *requirements;
  char **names;
  guint n;

  g_return_val_if_fail (DAGSCHED_IS_TEST (self), NULL);

  requirements = dagsched_test_peek_requirements (self, &n);
  names = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    names[i] = g_strdup (requirements[i].name);

  return names;
}

/**
 * dagsched_test_set_group:
 * @self: a test
 * @name_space: what kind of group it is, such as `phase`
 * @group: (nullable): the group, or %NULL for none
 *
 * Makes the test a member of a group. Members of one group may run together, but never beside
 * members of another group of the same name-space. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_group (DagschedTest *self, const char *name_space, const char *group)
{
  DagschedTestExtra *extra;
  guint position;

  g_return_if_fail (DAGSCHED_IS_TEST (self));
  g_return_if_fail (name_space != NULL);

  extra = dagsched_test_ensure_extra (self);
  if (find_group (extra->groups, name_space, &position) != NULL)
    g_array_remove_index (extra->groups, position);

  if (group != NULL)
    {
      DagschedGroup added = { g_ref_string_new_intern (name_space), g_ref_string_new_intern (group) };

      if (extra->groups == NULL)
        extra->groups = groups_new ();
      g_array_append_val (extra->groups, added);
    }
}

/**
 * dagsched_test_get_group:
 * @self: a test
 * @name_space: what kind of group is asked for
 *
 * Gets the group that the test is a member of.
 *
 * Returns: (nullable) (transfer none): the group, or %NULL
 *
 * Since: 1.0
 */
const char *
dagsched_test_get_group (DagschedTest *self, const char *name_space)
{
  DagschedGroup *group;
  guint position;

  g_return_val_if_fail (DAGSCHED_IS_TEST (self), NULL);
  g_return_val_if_fail (name_space != NULL, NULL);

  group = find_group (dagsched_test_peek_extra (self)->groups, name_space, &position);

  return group != NULL ? group->group : NULL;
}

/**
 * dagsched_test_list_group_name_spaces:
 * @self: a test
 *
 * Lists the name-spaces in which the test is a member of a group.
 *
 * Returns: (transfer full) (array zero-terminated=1): their names
 *
 * Since: 1.0
 */
char **
dagsched_test_list_group_name_spaces (DagschedTest *self)
{
  const DagschedGroup *groups;
  char **names;
  guint n;

  g_return_val_if_fail (DAGSCHED_IS_TEST (self), NULL);

  groups = dagsched_test_peek_groups (self, &n);
  names = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    names[i] = g_strdup (groups[i].name_space);

  return names;
}

const DagschedRequirement *
dagsched_test_peek_requirements (DagschedTest *self, guint *n_requirements)
{
  GArray *requirements = dagsched_test_peek_extra (self)->requirements;

  *n_requirements = requirements != NULL ? requirements->len : 0;

  return requirements != NULL ? (DagschedRequirement *) (void *) requirements->data : NULL;
}

const DagschedGroup *
dagsched_test_peek_groups (DagschedTest *self, guint *n_groups)
{
  GArray *groups = dagsched_test_peek_extra (self)->groups;

  *n_groups = groups != NULL ? groups->len : 0;

  return groups != NULL ? (DagschedGroup *) (void *) groups->data : NULL;
}

void
dagsched_test_free_extra (DagschedTestExtra *extra)
{
  g_clear_pointer (&extra->origin, g_ref_string_release);
  dagsched_strv_release (extra->suites);
  dagsched_strv_release (extra->labels);
  g_free (extra->disabled);
  g_free (extra->defect);
  g_free (extra->cleanup);
  g_clear_pointer (&extra->requirements, g_array_unref);
  g_clear_pointer (&extra->groups, g_array_unref);
  g_clear_object (&extra->command);
  g_free (extra);
}

/* Requirements and groups are shared neither: their strings are. */
static void
copy_admission (DagschedTestExtra *copy, const DagschedTestExtra *extra)
{
  copy->requirements = extra->requirements != NULL ? requirements_new () : NULL;
  for (guint i = 0; extra->requirements != NULL && i < extra->requirements->len; i++)
    {
      DagschedRequirement requirement = g_array_index (extra->requirements, DagschedRequirement, i);

      g_ref_string_acquire ((GRefString *) requirement.name);
      g_array_append_val (copy->requirements, requirement);
    }

  copy->groups = extra->groups != NULL ? groups_new () : NULL;
  for (guint i = 0; extra->groups != NULL && i < extra->groups->len; i++)
    {
      DagschedGroup group = g_array_index (extra->groups, DagschedGroup, i);

      g_ref_string_acquire ((GRefString *) group.name_space);
      g_ref_string_acquire ((GRefString *) group.group);
      g_array_append_val (copy->groups, group);
    }
}

DagschedTestExtra *
dagsched_test_copy_extra (const DagschedTestExtra *extra)
{
  DagschedTestExtra *copy;

  if (extra == NULL)
    return NULL;

  copy = g_new (DagschedTestExtra, 1);
  *copy = *extra;
  copy->origin = extra->origin != NULL ? g_ref_string_acquire (extra->origin) : NULL;
  copy->suites = dagsched_strv_intern ((const char *const *) extra->suites);
  copy->labels = dagsched_strv_intern ((const char *const *) extra->labels);
  copy->disabled = g_strdup (extra->disabled);
  copy->defect = g_strdup (extra->defect);
  copy->cleanup = g_strdup (extra->cleanup);
  copy->command = extra->command != NULL ? g_object_ref (extra->command) : NULL;
  copy_admission (copy, extra);

  return copy;
}
