/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-large-private.h"
#include "model/dagsched-func-test-private.h"
#include "plan/dagsched-compiler-private.h"

/* Programs have few functions and many tests: the functions are numbered. */
typedef struct
{
  DagschedPlanView *view;
  GHashTable *numbers; /* function → number + 1 */
  GPtrArray *functions;
} Numberer;

static gboolean
number_function (Numberer *self, guint32 test, DagschedTestFunc function)
{
  gpointer key = (gpointer) function;
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, key));

  if (number == 0)
    {
      if (self->functions->len > G_MAXUINT16)
        return FALSE;
      g_ptr_array_add (self->functions, key);
      number = self->functions->len;
      g_hash_table_insert (self->numbers, key, GUINT_TO_POINTER (number));
    }
  self->view->function[test] = number - 1;
  return TRUE;
}

static gboolean
number_functions (Numberer *self)
{
  DagschedPlanView *view = self->view;

  for (guint32 i = 0; i < view->n_tests; i++)
    {
      DagschedTest *test = view->tests[i];
      gboolean is_function = DAGSCHED_IS_FUNC_TEST (test);
      DagschedTestFunc function = NULL;

      if (is_function && view->user_data == NULL)
        view->user_data = dagsched_large_new (view->n_tests, sizeof (gpointer));
      if (is_function)
        function = dagsched_func_test_peek_function (DAGSCHED_FUNC_TEST (test), &view->user_data[i]);
      if (!number_function (self, i, function))
        return FALSE;
    }

  return TRUE;
}

/* There are more than can be numbered: their classes call them. */
static void
give_up (Numberer *self)
{
  g_clear_pointer (&self->view->user_data, dagsched_large_free);
  g_ptr_array_set_size (self->functions, 0);
}

void
dagsched_compiler_emit_functions (DagschedCompiler *self)
{
  DagschedPlanView *view = self->view;
  Numberer numberer = { .view = view };

  numberer.numbers = g_hash_table_new (NULL, NULL);
  numberer.functions = g_ptr_array_new ();
  view->function = dagsched_large_new (view->n_tests, sizeof (guint16));
  if (!number_functions (&numberer))
    give_up (&numberer);
  if (numberer.functions->len < 2)
    g_clear_pointer (&view->function, dagsched_large_free);
  if (numberer.functions->len == 0)
    g_ptr_array_add (numberer.functions, NULL);

  view->functions = (DagschedTestFunc *) (void *) g_ptr_array_free (numberer.functions, FALSE);
  g_hash_table_unref (numberer.numbers);
}
