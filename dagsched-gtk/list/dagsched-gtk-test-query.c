/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-query-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/dagsched-suggest-private.h"
#include "list/dagsched-gtk-query-term-private.h"

struct _DagschedGtkTestQuery
{
  GPtrArray *terms; /* of DagschedGtkQueryTerm */
  char *problem;
};

static void
add_problem (DagschedGtkTestQuery *self, char *problem)
{
  if (problem == NULL)
    return;

  /* One at a time: whoever mends it sees the next. */
  if (self->problem == NULL)
    self->problem = problem;
  else
    g_free (problem);
}

static void
add_term (DagschedGtkTestQuery *self, const char *text)
{
  char *problem = NULL;
  DagschedGtkQueryTerm *term = dagsched_gtk_query_term_parse (text, &problem);

  if (term != NULL)
    g_ptr_array_add (self->terms, term);
  add_problem (self, problem);
}

/* The next word, in which spaces between quotation marks stay, and the marks go. NULL: there is none. */
static char *
next_word (const char **text)
{
  GString *word;
  gboolean is_quoted = FALSE;
  const char *p = *text;

  while (g_ascii_isspace (*p))
    p++;
  if (*p == '\0')
    return NULL;

  word = g_string_new (NULL);
  for (; *p != '\0' && (is_quoted || !g_ascii_isspace (*p)); p++)
    {
      if (*p == '"')
        is_quoted = !is_quoted;
      else
        g_string_append_c (word, *p);
    }
  *text = p;

  return g_string_free (word, FALSE);
}

DagschedGtkTestQuery *
dagsched_gtk_test_query_new (const char *text)
{
  DagschedGtkTestQuery *self = g_new0 (DagschedGtkTestQuery, 1);
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  const char *rest = valid;
  char *word;

  self->terms = g_ptr_array_new_with_free_func ((GDestroyNotify) dagsched_gtk_query_term_free);
  while ((word = next_word (&rest)) != NULL)
    {
      add_term (self, word);
      g_free (word);
    }

  return self;
}

void
dagsched_gtk_test_query_free (DagschedGtkTestQuery *self)
{
  g_ptr_array_unref (self->terms);
  g_free (self->problem);
  g_free (self);
}

gboolean
dagsched_gtk_test_query_is_empty (const DagschedGtkTestQuery *self)
{
  return self->terms->len == 0;
}

gboolean
dagsched_gtk_test_query_is_live (const DagschedGtkTestQuery *self)
{
  for (guint i = 0; i < self->terms->len; i++)
    {
      if (dagsched_gtk_query_term_is_live (g_ptr_array_index (self->terms, i)))
        return TRUE;
    }

  return FALSE;
}

gboolean
dagsched_gtk_test_query_matches (const DagschedGtkTestQuery *self, DagschedGtkRunTable *table, guint number)
{
  for (guint i = 0; i < self->terms->len; i++)
    {
      if (!dagsched_gtk_query_term_holds (g_ptr_array_index (self->terms, i), table, number))
        return FALSE;
    }

  return TRUE;
}

const char *
dagsched_gtk_test_query_get_problem (const DagschedGtkTestQuery *self)
{
  return self->problem;
}

/* Many tests share one list of suites or labels: each list is looked at once. */
static GHashTable *
collect_words (DagschedGtkRunTable *table, const char *const *(*get_words) (DagschedTest *test))
{
  GHashTable *words = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < table->n_tests; i++)
    {
      const char *const *list = get_words (table->tests[i]);

      if (list == NULL || !g_hash_table_add (seen, (gpointer) list))
        continue;
      for (; *list != NULL; list++)
        g_hash_table_add (words, (gpointer) *list);
    }

  return words;
}

static char *
dup_hint_of_words (DagschedGtkRunTable *table,
                   const char *wanted,
                   const char *const *(*get_words) (DagschedTest *test),
                   const char *none,
                   const char *unlike)
{
  g_autoptr (GHashTable) words = collect_words (table, get_words);
  g_autofree char *folded = g_utf8_strdown (wanted, -1);
  DagschedSuggestion suggestion;
  GHashTableIter iter;
  gpointer word;

  if (g_hash_table_size (words) == 0)
    return g_strdup (none);

  dagsched_suggestion_init (&suggestion, wanted);
  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, NULL))
    {
      g_autofree char *folded_word = g_utf8_strdown (word, -1);

      if (strstr (folded_word, folded) != NULL)
        return NULL;
      dagsched_suggestion_offer (&suggestion, word);
    }
  if (suggestion.best != NULL)
    /* Translators: the first %s is what comes before: "No suite has “x” in its name." */
    return g_strdup_printf (_ ("%s Did you mean “%s”?"), unlike, suggestion.best);

  return g_strdup (unlike);
}

char *
dagsched_gtk_test_query_dup_hint (const DagschedGtkTestQuery *self, DagschedGtkRunTable *table)
{
  for (guint i = 0; i < self->terms->len; i++)
    {
      const DagschedGtkQueryTerm *term = g_ptr_array_index (self->terms, i);
      const char *suite = dagsched_gtk_query_term_get_suite (term);
      const char *label = dagsched_gtk_query_term_get_label (term);
      g_autofree char *unlike = NULL;
      char *hint = NULL;

      if (suite != NULL)
        {
          unlike = g_strdup_printf (_ ("No suite has “%s” in its name."), suite);
          hint =
            dup_hint_of_words (table, suite, dagsched_test_get_suites, _ ("No test is in a suite."), unlike);
        }
      else if (label != NULL)
        {
          unlike = g_strdup_printf (_ ("No label has “%s” in its name."), label);
          hint =
            dup_hint_of_words (table, label, dagsched_test_get_labels, _ ("No test has a label."), unlike);
        }
      if (hint != NULL)
        return hint;
    }

  return NULL;
}
