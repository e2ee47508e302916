/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-func-test.h"

#include "base/dagsched-error.h"

/**
 * DagschedFuncTest:
 *
 * A test that a function of the program carries out, on a thread of a worker.
 *
 * Since: 1.0
 */

/* What the copies of a test have in common. */
typedef struct
{
  DagschedTestFunc func; /* read-only */
  gpointer user_data;    /* read-only */
  GDestroyNotify notify; /* read-only */
  int ref_count;         /* (atomic) */
} Closure;

struct _DagschedFuncTest
{
  DagschedTest parent_instance;

  Closure *closure; /* (nullable) read-only after construction */
};

G_DEFINE_FINAL_TYPE (DagschedFuncTest, dagsched_func_test, DAGSCHED_TYPE_TEST)

static void
closure_unref (Closure *closure)
{
  if (!g_atomic_int_dec_and_test (&closure->ref_count))
    return;

  if (closure->notify != NULL)
    closure->notify (closure->user_data);
  g_slice_free (Closure, closure);
}

static DagschedOutcome
dagsched_func_test_run (DagschedTest *test, GCancellable *cancellable, GError **error)
{
  DagschedFuncTest *self = DAGSCHED_FUNC_TEST (test);

  if (self->closure == NULL)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED,
                   "test \"%s\" has no function: create it with dagsched_func_test_new()",
                   dagsched_test_get_name (test));
      return DAGSCHED_OUTCOME_ERRORED;
    }

  return self->closure->func (self, cancellable, self->closure->user_data, error);
}

static DagschedFuncTest *
new_with_closure (const char *name, Closure *closure)
{
  DagschedFuncTest *self = g_object_new (DAGSCHED_TYPE_FUNC_TEST, "name", name, NULL);

  self->closure = closure;

  return self;
}

static DagschedTest *
dagsched_func_test_copy (DagschedTest *test)
{
  Closure *closure = DAGSCHED_FUNC_TEST (test)->closure;

  if (closure != NULL)
    g_atomic_int_inc (&closure->ref_count);

  return DAGSCHED_TEST (new_with_closure (dagsched_test_get_name (test), closure));
}

static void
dagsched_func_test_finalize (GObject *object)
{
  DagschedFuncTest *self = DAGSCHED_FUNC_TEST (object);

  g_clear_pointer (&self->closure, closure_unref);

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
  Closure *closure;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  closure = g_slice_new (Closure);
  closure->func = func;
  closure->user_data = user_data;
  closure->notify = notify;
  closure->ref_count = 1;

  return new_with_closure (name, closure);
}
