/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-test.h"

#include "model/dagsched-test-struct-private.h"

/**
 * DagschedTest:
 *
 * A named unit of work.
 *
 * There are two kinds that the library knows how to carry out: [class@Dagsched.CommandTest]s and
 * tests whose class implements [vfunc@Dagsched.Test.run], such as [class@Dagsched.FuncTest].
 *
 * Settings may be changed until the [class@Dagsched.Graph] that the test was added to is part of a
 * run, and must not be changed during it. States, outcomes and signals change and are emitted in
 * the thread that started the run, in its main context.
 *
 * Since: 1.0
 */

/**
 * DagschedTestClass::run:
 * @self: a test
 * @cancellable: (nullable): fires when the attempt overruns its time-out or the run is cancelled
 * @error: return location for why the test failed, errored or was skipped
 *
 * Carries out one attempt in the program itself. Called on a thread of a worker, for several tests at
 * once.
 *
 * Returns: %DAGSCHED_OUTCOME_PASSED, %DAGSCHED_OUTCOME_FAILED, %DAGSCHED_OUTCOME_ERRORED or
 *   %DAGSCHED_OUTCOME_SKIPPED
 *
 * Since: 1.0
 */

/**
 * DagschedTestClass::copy:
 * @self: a test
 *
 * Creates a test of the same name with the same settings as far as they are the class's own: those of
 * [class@Dagsched.Test] are copied by the caller.
 *
 * Returns: (transfer full) (nullable): the copy, or %NULL if the test can't be repeated
 *
 * Since: 1.0
 */

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (DagschedTest, dagsched_test, G_TYPE_OBJECT)

static const DagschedTestExtra no_extra = {
  .grace = 5,
  .retries = -1,
  .slots = 1,
};

DagschedTestPrivate *
dagsched_test_get_private (DagschedTest *self)
{
  return dagsched_test_get_instance_private (self);
}

const DagschedTestExtra *
dagsched_test_peek_extra (DagschedTest *self)
{
  DagschedTestPrivate *priv = dagsched_test_get_instance_private (self);

  return priv->extra != NULL ? priv->extra : &no_extra;
}

DagschedTestExtra *
dagsched_test_ensure_extra (DagschedTest *self)
{
  DagschedTestPrivate *priv = dagsched_test_get_instance_private (self);

  if (priv->extra == NULL)
    {
      priv->extra = g_new (DagschedTestExtra, 1);
      *priv->extra = no_extra;
    }

  return priv->extra;
}

static void
dagsched_test_finalize (GObject *object)
{
  DagschedTestPrivate *priv = dagsched_test_get_instance_private (DAGSCHED_TEST (object));

  g_clear_pointer (&priv->extra, dagsched_test_free_extra);
  g_clear_pointer (&priv->why, dagsched_test_free_why);
  g_clear_pointer (&priv->name, g_free);

  G_OBJECT_CLASS (dagsched_test_parent_class)->finalize (object);
}

static void
dagsched_test_class_init (DagschedTestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dagsched_test_finalize;

  dagsched_test_install_properties (object_class);
  dagsched_test_install_signals ();
}

static void
dagsched_test_init (DagschedTest *self)
{
  DagschedTestPrivate *priv = dagsched_test_get_instance_private (self);

  priv->number = G_MAXUINT32;
}

/**
 * dagsched_test_get_name:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:name]. May be called from any thread.
 *
 * Returns: (transfer none): the name
 *
 * Since: 1.0
 */
const char *
dagsched_test_get_name (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), NULL);

  return dagsched_test_get_private (self)->name;
}

/**
 * dagsched_test_get_repetition:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:repetition].
 *
 * Returns: the number of the repetition, or 0
 *
 * Since: 1.0
 */
guint
dagsched_test_get_repetition (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);

  return dagsched_test_get_private (self)->repetition;
}

void
dagsched_test_set_repetition (DagschedTest *self, guint repetition)
{
  DagschedTestPrivate *priv = dagsched_test_get_private (self);

  if (priv->repetition == repetition)
    return;

  priv->repetition = repetition;
  dagsched_test_notify (self, DAGSCHED_TEST_PROP_REPETITION);
}

guint32
dagsched_test_get_number (DagschedTest *self)
{
  return dagsched_test_get_private (self)->number;
}

void
dagsched_test_set_number (DagschedTest *self, guint32 number)
{
  dagsched_test_get_private (self)->number = number;
}

DagschedTest *
dagsched_test_copy (DagschedTest *self, guint repetition)
{
  DagschedTestClass *klass = DAGSCHED_TEST_GET_CLASS (self);
  DagschedTestPrivate *from = dagsched_test_get_private (self), *to;
  DagschedTest *copy;

  if (klass->copy == NULL)
    return NULL;

  copy = klass->copy (self);
  if (copy == NULL)
    return NULL;

  to = dagsched_test_get_private (copy);
  g_clear_pointer (&to->extra, dagsched_test_free_extra);
  to->extra = dagsched_test_copy_extra (from->extra);
  to->expected_duration = from->expected_duration;
  to->priority = from->priority;
  to->exclusive = from->exclusive;
  to->expected_failure = from->expected_failure;
  to->fixture = from->fixture;
  to->number = from->number;
  to->repetition = repetition;

  return copy;
}
