/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-func-test-private.h"

#include "base/dagsched-error.h"

/**
 * DagschedFuncTest:
 *
 * A test that a function of the program carries out, on a thread of a worker.
 *
 * Since: 1.0
 */

/* What the copies of a test have in common, if it is to be freed. */
typedef struct
{
  gpointer user_data;    /* read-only */
  GDestroyNotify notify; /* read-only */
  int ref_count;         /* (atomic) */
} Shared;

/* All read-only after construction. */
struct _DagschedFuncTest
{
  DagschedTest parent_instance;

  DagschedTestFunc func; /* (nullable) */
  gpointer user_data;
  Shared *shared; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (DagschedFuncTest, dagsched_func_test, DAGSCHED_TYPE_TEST)

static void
shared_unref (Shared *shared)
{
  if (!g_atomic_int_dec_and_test (&shared->ref_count))
    return;

  shared->notify (shared->user_data);
  g_free (shared);
}

static DagschedOutcome
dagsched_func_test_run (DagschedTest *test, GCancellable *cancellable, GError **error)
{
  /* It was called through its class: the check would take longer than all the rest. */
  DagschedFuncTest *self = (DagschedFuncTest *) test;

  if (G_UNLIKELY (self->func == NULL))
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED,
                   "test \"%s\" has no function: create it with dagsched_func_test_new()",
                   dagsched_test_get_name (test));
      return DAGSCHED_OUTCOME_ERRORED;
    }

  return self->func (self, cancellable, self->user_data, error);
}

DagschedTestFunc
dagsched_func_test_peek_function (DagschedFuncTest *self, gpointer *user_data)
{
  *user_data = self->user_data;
  return self->func;
}

/* Takes the reference to @shared. */
static DagschedFuncTest *
new_with_shared (const char *name, DagschedTestFunc func, gpointer user_data, Shared *shared)
{
  DagschedFuncTest *self = g_object_new (DAGSCHED_TYPE_FUNC_TEST, "name", name, NULL);

  self->func = func;
  self->user_data = user_data;
  self->shared = shared;

  return self;
}

static DagschedTest *
dagsched_func_test_copy (DagschedTest *test)
{
  DagschedFuncTest *self = DAGSCHED_FUNC_TEST (test);

  if (self->shared != NULL)
    g_atomic_int_inc (&self->shared->ref_count);

  return DAGSCHED_TEST (
    new_with_shared (dagsched_test_get_name (test), self->func, self->user_data, self->shared));
}

static void
dagsched_func_test_finalize (GObject *object)
{
  DagschedFuncTest *self = DAGSCHED_FUNC_TEST (object);

  g_clear_pointer (&self->shared, shared_unref);

  G_OBJECT_CLASS (dagsched_func_test_parent_class)->finalize (object);
}

static void
dagsched_func_test_class_init (DagschedFuncTestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  DagschedTestClass *test_class = DAGSCHED_TEST_CLASS (klass);

  object_class->finalize = dagsched_func_test_finalize;
  test_class->run = dagsched_func_test_run;
  test_class->copy = dagsched_func_test_copy;
}

static void
dagsched_func_test_init (DagschedFuncTest *self)
{
}

/**
 * dagsched_func_test_new:
 * @name: the name of the test
 * @func: (scope notified) (closure user_data) (destroy notify): carries out one attempt; called on
 *   threads of workers
 * @user_data: data for @func
 * @notify: frees @user_data, once the test and all its copies are gone
 *
 * Creates a test that a function carries out.
 *
 * Returns: (transfer full): the test
 *
 * Since: 1.0
 */
DagschedFuncTest *
dagsched_func_test_new (const char *name, DagschedTestFunc func, gpointer user_data, GDestroyNotify notify)
{
  Shared *shared = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  if (notify != NULL)
    {
      shared = g_new (Shared, 1);
      shared->user_data = user_data;
      shared->notify = notify;
      shared->ref_count = 1;
    }

  return new_with_shared (name, func, user_data, shared);
}
