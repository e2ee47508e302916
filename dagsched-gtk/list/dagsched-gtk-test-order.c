/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-order-private.h"

#include <stdlib.h>
#include <string.h>

struct _DagschedGtkTestOrder
{
  guint32 *name_ranks; /* (nullable) by number */
};

typedef struct
{
  guint64 key;
  guint32 number;
} Entry;

/* What somebody wants to see first. */
static const guint8 look_ranks[DAGSCHED_GTK_N_LOOKS] = {
  [DAGSCHED_GTK_LOOK_FAILED] = 0,
  [DAGSCHED_GTK_LOOK_TIMED_OUT] = 1,
  [DAGSCHED_GTK_LOOK_ERRORED] = 2,
  [DAGSCHED_GTK_LOOK_UNEXPECTED_PASS] = 3,
  [DAGSCHED_GTK_LOOK_RUNNING] = 4,
  [DAGSCHED_GTK_LOOK_BLOCKED] = 5,
  [DAGSCHED_GTK_LOOK_CANCELLED] = 6,
  [DAGSCHED_GTK_LOOK_READY] = 7,
  [DAGSCHED_GTK_LOOK_PENDING] = 8,
  [DAGSCHED_GTK_LOOK_SKIPPED] = 9,
  [DAGSCHED_GTK_LOOK_EXPECTED_FAILURE] = 10,
  [DAGSCHED_GTK_LOOK_PASSED] = 11,
};

DagschedGtkTestOrder *
dagsched_gtk_test_order_new (void)
{
  return g_new0 (DagschedGtkTestOrder, 1);
}

void
dagsched_gtk_test_order_forget (DagschedGtkTestOrder *self)
{
  g_clear_pointer (&self->name_ranks, g_free);
}

void
dagsched_gtk_test_order_free (DagschedGtkTestOrder *self)
{
  dagsched_gtk_test_order_forget (self);
  g_free (self);
}

static int
compare_digits (const char **a, const char **b)
{
  gsize n, m;
  int order;

  *a += strspn (*a, "0");
  *b += strspn (*b, "0");
  n = strspn (*a, "0123456789");
  m = strspn (*b, "0123456789");
  order = n != m ? (n < m ? -1 : 1) : strncmp (*a, *b, n);
  *a += n;
  *b += m;

  return order;
}

int
dagsched_gtk_test_order_compare_names (const char *a, const char *b)
{
  const char *p = a, *q = b;

  while (*p != '\0' && *q != '\0')
    {
      int order;

      if (g_ascii_isdigit (*p) && g_ascii_isdigit (*q))
        order = compare_digits (&p, &q);
      else
        order = (guchar) g_ascii_tolower (*p++) - (guchar) g_ascii_tolower (*q++);
      if (order != 0)
        return order;
    }
  if (*p != *q)
    return *p == '\0' ? -1 : 1;

  return strcmp (a, b);
}

static int
compare_entries (const void *a, const void *b)
{
  const Entry *x = a, *y = b;

  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;

  return (x->number > y->number) - (x->number < y->number);
}

static const char *
get_first_suite (DagschedTest *test)
{
  const char *const *suites = dagsched_test_get_suites (test);

  return suites != NULL && suites[0] != NULL ? suites[0] : "";
}

static const char *
get_text (DagschedTest *test, DagschedGtkTestColumn column)
{
  const char *text;

  if (column == DAGSCHED_GTK_TEST_COLUMN_NAME)
    return dagsched_test_get_name (test);
  if (column == DAGSCHED_GTK_TEST_COLUMN_SUITES)
    return get_first_suite (test);

  text = dagsched_test_get_reason (test);
  return text != NULL ? text : "";
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return dagsched_gtk_test_order_compare_names (*(const char *const *) a, *(const char *const *) b);
}

/* The ranks of different texts, sorted, by the text; from 1 on, as that of no text is 0. */
static GHashTable *
rank_texts (DagschedGtkRunTable *table, DagschedGtkTestColumn column)
{
  GHashTable *ranks = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree gpointer *texts = NULL;
  guint n;

  for (guint i = 0; i < table->n_tests; i++)
    g_hash_table_add (ranks, (gpointer) get_text (table->tests[i], column));
  texts = g_hash_table_get_keys_as_array (ranks, &n);
  qsort (texts, n, sizeof *texts, compare_texts);
  for (guint i = 0; i < n; i++)
    g_hash_table_insert (ranks, texts[i], GUINT_TO_POINTER (*(const char *) texts[i] != '\0' ? i + 1 : 0));

  return ranks;
}

/* Suites and reasons are the same of many tests: only different ones are compared. */
static guint32 *
create_ranks (DagschedGtkRunTable *table, DagschedGtkTestColumn column)
{
  guint32 *ranks = g_new (guint32, table->n_tests);
  g_autoptr (GHashTable) by_text = rank_texts (table, column);

  for (guint i = 0; i < table->n_tests; i++)
    ranks[i] = GPOINTER_TO_UINT (g_hash_table_lookup (by_text, get_text (table->tests[i], column)));

  return ranks;
}

/* Not negative: its bits are in the order of its values. */
static guint64
key_of_double (double value)
{
  guint64 key;

  value = MAX (value, 0.0);
  memcpy (&key, &value, sizeof key);
  return key;
}

/* What has no value is at one end: as the smallest. */
static guint64
get_key (DagschedGtkRunTable *table, DagschedGtkTestColumn column, const guint32 *ranks, guint number)
{
  DagschedTest *test = table->tests[number];

  switch (column)
    {
    case DAGSCHED_GTK_TEST_COLUMN_STATE:
      return look_ranks[table->looks[number]];
    case DAGSCHED_GTK_TEST_COLUMN_DURATION:
      return table->looks[number] >= DAGSCHED_GTK_LOOK_PASSED && dagsched_test_get_n_attempts (test) > 0
               ? key_of_double (dagsched_test_get_duration (test)) + 1
               : 0;
    case DAGSCHED_GTK_TEST_COLUMN_ATTEMPTS:
      return dagsched_test_get_n_attempts (test);
    case DAGSCHED_GTK_TEST_COLUMN_WORKER:
      /* None is the greatest number: with one more it is 0. */
      return (guint32) (dagsched_gtk_test_column_get_worker (table, number) + 1);
    default:
      return ranks[number];
    }
}

static gboolean
is_text (DagschedGtkTestColumn column)
{
  return column == DAGSCHED_GTK_TEST_COLUMN_NAME || column == DAGSCHED_GTK_TEST_COLUMN_SUITES ||
         column == DAGSCHED_GTK_TEST_COLUMN_REASON;
}

static guint32 *
dup_or_create_ranks (DagschedGtkTestOrder *self, DagschedGtkRunTable *table, DagschedGtkTestColumn column)
{
  if (column != DAGSCHED_GTK_TEST_COLUMN_NAME)
    return create_ranks (table, column);

  if (self->name_ranks == NULL)
    self->name_ranks = create_ranks (table, column);
  return g_memdup2 (self->name_ranks, table->n_tests * sizeof (guint32));
}

void
dagsched_gtk_test_order_sort (DagschedGtkTestOrder *self,
                              DagschedGtkRunTable *table,
                              DagschedGtkTestColumn column,
                              gboolean is_descending,
                              guint32 *numbers,
                              guint n_numbers)
{
  g_autofree Entry *entries = g_new (Entry, n_numbers);
  g_autofree guint32 *ranks = is_text (column) ? dup_or_create_ranks (self, table, column) : NULL;

  for (guint i = 0; i < n_numbers; i++)
    {
      guint64 key = get_key (table, column, ranks, numbers[i]);

      entries[i] = (Entry){ is_descending ? ~key : key, numbers[i] };
    }
  qsort (entries, n_numbers, sizeof *entries, compare_entries);
  for (guint i = 0; i < n_numbers; i++)
    numbers[i] = entries[i].number;
}
