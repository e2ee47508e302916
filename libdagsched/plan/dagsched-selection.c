/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/dagsched-selection.h"

#include "base/dagsched-suggest-private.h"
#include "model/dagsched-graph-private.h"
#include "plan/dagsched-selection-private.h"

/**
 * DagschedSelection:
 *
 * Which tests of a graph are wanted.
 *
 * A test matches if its name matches one of the filters or is one of the names, where there are any of
 * these, and it is in one of the suites, where there are any, and its name matches none of the excludes.
 *
 * Globs know `*`, any number of characters, and `?`, one character; they match whole names. `*` matches
 * slashes too.
 *
 * What a plan selects beyond the matches is said at [property@Dagsched.Selection:with-dependencies].
 *
 * Since: 1.0
 */

typedef struct
{
  char *text;
  GPatternSpec *spec;
} Glob;

struct _DagschedSelection
{
  GObject parent_instance;

  GArray *filters; /* of Glob */
  GHashTable *names;
  GArray *excludes; /* of Glob */
  GPtrArray *suites;
  gboolean with_dependencies;
};

enum
{
  PROP_0,
  PROP_WITH_DEPENDENCIES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (DagschedSelection, dagsched_selection, G_TYPE_OBJECT)

static void
glob_clear (gpointer data)
{
  Glob *glob = data;

  g_free (glob->text);
  g_pattern_spec_free (glob->spec);
}

static GArray *
globs_new (void)
{
  GArray *globs = g_array_new (FALSE, FALSE, sizeof (Glob));

  g_array_set_clear_func (globs, glob_clear);

  return globs;
}

static void
globs_add (GArray *globs, const char *text)
{
  Glob glob = { g_strdup (text), g_pattern_spec_new (text) };

  g_array_append_val (globs, glob);
}

static gboolean
globs_match (GArray *globs, DagschedTest *test)
{
  const char *name = dagsched_test_get_name (test);
  gsize length;

  if (globs->len == 0)
    return FALSE;

  length = strlen (name);
  for (guint i = 0; i < globs->len; i++)
    {
      if (g_pattern_spec_match (g_array_index (globs, Glob, i).spec, length, name, NULL))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_part (const char *part, gsize length, const char *wanted, gsize wanted_length)
{
  return length == wanted_length && memcmp (part, wanted, length) == 0;
}

/* "project:suite" is matched by itself, by "project" and "suite", and, as Meson spells them to tell one from
 * the other, by "project:" and ":suite". */
static gboolean
suite_matches (const char *suite, const char *wanted)
{
  gsize project_length = strcspn (suite, ":"), wanted_length = strlen (wanted);
  const char *name = suite[project_length] != '\0' ? suite + project_length + 1 : suite;
  gboolean as_project = TRUE, as_name = TRUE;

  if (strcmp (suite, wanted) == 0)
    return TRUE;

  if (wanted_length > 1 && wanted[wanted_length - 1] == ':')
    {
      as_name = FALSE;
      wanted_length--;
    }
  else if (wanted_length > 1 && wanted[0] == ':')
    {
      as_project = FALSE;
      wanted++;
      wanted_length--;
    }

  return (as_project && is_part (suite, project_length, wanted, wanted_length)) ||
         (as_name && is_part (name, strlen (name), wanted, wanted_length));
}

static gboolean
is_in_suite (DagschedTest *test, const char *wanted)
{
  for (const char *const *suite = dagsched_test_get_suites (test); *suite != NULL; suite++)
    {
      if (suite_matches (*suite, wanted))
        return TRUE;
    }

  return FALSE;
}

static void
dagsched_selection_finalize (GObject *object)
{
  DagschedSelection *self = DAGSCHED_SELECTION (object);

  g_clear_pointer (&self->filters, g_array_unref);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_clear_pointer (&self->excludes, g_array_unref);
  g_clear_pointer (&self->suites, g_ptr_array_unref);

  G_OBJECT_CLASS (dagsched_selection_parent_class)->finalize (object);
}

static void
dagsched_selection_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_WITH_DEPENDENCIES:
      g_value_set_boolean (value, DAGSCHED_SELECTION (object)->with_dependencies);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_selection_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_WITH_DEPENDENCIES:
      dagsched_selection_set_with_dependencies (DAGSCHED_SELECTION (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_selection_class_init (DagschedSelectionClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dagsched_selection_finalize;
  object_class->get_property = dagsched_selection_get_property;
  object_class->set_property = dagsched_selection_set_property;

  /**
   * DagschedSelection:with-dependencies:
   *
   * Whether what the matching tests depend on is selected too: their dependencies, directly and
   * indirectly, with a fixture its cleanup, and with a cleanup its fixture. Excluded tests are not
   * brought in. Dependencies on tests that are not selected count as satisfied.
   *
   * Since: 1.0
   */
  properties[PROP_WITH_DEPENDENCIES] = g_param_spec_boolean ("with-dependencies", NULL, NULL, TRUE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_selection_init (DagschedSelection *self)
{
  self->filters = globs_new ();
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->excludes = globs_new ();
  self->suites = g_ptr_array_new_with_free_func (g_free);
  self->with_dependencies = TRUE;
}

/**
 * dagsched_selection_new:
 *
 * Creates a selection that every test matches.
 *
 * Returns: (transfer full): the selection
 *
 * Since: 1.0
 */
DagschedSelection *
dagsched_selection_new (void)
{
  return g_object_new (DAGSCHED_TYPE_SELECTION, NULL);
}

/**
 * dagsched_selection_add_filter:
 * @self: a selection
 * @glob: a pattern for names of tests
 *
 * Adds a filter. Where there are several, a test has to match one of them.
 *
 * Since: 1.0
 */
void
dagsched_selection_add_filter (DagschedSelection *self, const char *glob)
{
  g_return_if_fail (DAGSCHED_IS_SELECTION (self));
  g_return_if_fail (glob != NULL);

  globs_add (self->filters, glob);
}

/**
 * dagsched_selection_add_name:
 * @self: a selection
 * @name: the name of a test, which may have characters that a filter takes for a pattern's
 *
 * Adds a name. There may be as many as there are tests.
 *
 * Since: 1.0
 */
void
dagsched_selection_add_name (DagschedSelection *self, const char *name)
{
  g_return_if_fail (DAGSCHED_IS_SELECTION (self));
  g_return_if_fail (name != NULL);

  g_hash_table_add (self->names, g_strdup (name));
}

/**
 * dagsched_selection_add_exclude:
 * @self: a selection
 * @glob: a pattern for names of tests
 *
 * Adds a pattern for tests that are not to run, whatever else selects them.
 *
 * Since: 1.0
 */
void
dagsched_selection_add_exclude (DagschedSelection *self, const char *glob)
{
  g_return_if_fail (DAGSCHED_IS_SELECTION (self));
  g_return_if_fail (glob != NULL);

  globs_add (self->excludes, glob);
}

/**
 * dagsched_selection_add_suite:
 * @self: a selection
 * @suite: the name of a suite. A test's `project:suite` is matched by `project:suite`, `suite`, `:suite`,
 *   `project` and `project:`
 *
 * Adds a suite. Where there are several, a test has to be in one of them.
 *
 * Since: 1.0
 */
void
dagsched_selection_add_suite (DagschedSelection *self, const char *suite)
{
  g_return_if_fail (DAGSCHED_IS_SELECTION (self));
  g_return_if_fail (suite != NULL);

  g_ptr_array_add (self->suites, g_strdup (suite));
}

/**
 * dagsched_selection_get_with_dependencies:
 * @self: a selection
 *
 * Gets [property@Dagsched.Selection:with-dependencies].
 *
 * Returns: whether dependencies are selected too
 *
 * Since: 1.0
 */
gboolean
dagsched_selection_get_with_dependencies (DagschedSelection *self)
{
  g_return_val_if_fail (DAGSCHED_IS_SELECTION (self), TRUE);

  return self->with_dependencies;
}

/**
 * dagsched_selection_set_with_dependencies:
 * @self: a selection
 * @with_dependencies: whether dependencies are selected too
 *
 * Sets [property@Dagsched.Selection:with-dependencies].
 *
 * Since: 1.0
 */
void
dagsched_selection_set_with_dependencies (DagschedSelection *self, gboolean with_dependencies)
{
  g_return_if_fail (DAGSCHED_IS_SELECTION (self));

  with_dependencies = !!with_dependencies;
  if (self->with_dependencies == with_dependencies)
    return;

  self->with_dependencies = with_dependencies;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WITH_DEPENDENCIES]);
}

static gboolean
is_named (DagschedSelection *self, DagschedTest *test)
{
  if (self->filters->len == 0 && g_hash_table_size (self->names) == 0)
    return TRUE;

  return g_hash_table_contains (self->names, dagsched_test_get_name (test)) ||
         globs_match (self->filters, test);
}

/**
 * dagsched_selection_matches:
 * @self: a selection
 * @test: a test
 *
 * Tells whether a test matches by itself. A plan may select it all the same, because another test that
 * matches depends on it.
 *
 * Returns: whether it matches
 *
 * Since: 1.0
 */
gboolean
dagsched_selection_matches (DagschedSelection *self, DagschedTest *test)
{
  gboolean in_suite;

  g_return_val_if_fail (DAGSCHED_IS_SELECTION (self), FALSE);
  g_return_val_if_fail (DAGSCHED_IS_TEST (test), FALSE);

  in_suite = self->suites->len == 0;
  for (guint i = 0; i < self->suites->len && !in_suite; i++)
    in_suite = is_in_suite (test, g_ptr_array_index (self->suites, i));

  return in_suite && is_named (self, test) && !globs_match (self->excludes, test);
}

gboolean
dagsched_selection_excludes (DagschedSelection *self, DagschedTest *test)
{
  return globs_match (self->excludes, test);
}

static void
add_unmatched_glob (GPtrArray *messages, const Glob *glob, const char *what, DagschedGraph *graph)
{
  guint n = dagsched_graph_get_n_tests (graph);
  DagschedSuggestion suggestion;
  g_autofree char *text = NULL;

  dagsched_suggestion_init (&suggestion, glob->text);
  for (guint i = 0; i < n; i++)
    {
      const char *name = dagsched_test_get_name (dagsched_graph_peek_test (graph, i));

      if (g_pattern_spec_match_string (glob->spec, name))
        return;
      dagsched_suggestion_offer (&suggestion, name);
    }

  text = dagsched_suggestion_dup_text (&suggestion);
  g_ptr_array_add (messages, g_strdup_printf ("no test matches the %s \"%s\"%s", what, glob->text, text));
}

static void
add_unknown_names (GPtrArray *messages, GHashTable *names, DagschedGraph *graph)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      if (dagsched_graph_lookup (graph, name) == NULL)
        g_ptr_array_add (messages, g_strdup_printf ("no test is named \"%s\"", (const char *) name));
    }
}

static void
offer_suite (DagschedSuggestion *suggestion, const char *suite)
{
  const char *colon = strchr (suite, ':');

  dagsched_suggestion_offer (suggestion, suite);
  if (colon != NULL)
    dagsched_suggestion_offer (suggestion, colon + 1);
}

static void
add_unmatched_suite (GPtrArray *messages, const char *wanted, DagschedGraph *graph)
{
  guint n = dagsched_graph_get_n_tests (graph);
  DagschedSuggestion suggestion;
  g_autofree char *text = NULL;

  dagsched_suggestion_init (&suggestion, wanted);
  for (guint i = 0; i < n; i++)
    {
      DagschedTest *test = dagsched_graph_peek_test (graph, i);

      if (is_in_suite (test, wanted))
        return;
      for (const char *const *suite = dagsched_test_get_suites (test); *suite != NULL; suite++)
        offer_suite (&suggestion, *suite);
    }

  text = dagsched_suggestion_dup_text (&suggestion);
  g_ptr_array_add (messages, g_strdup_printf ("no test is in the suite \"%s\"%s", wanted, text));
}

char **
dagsched_selection_list_unmatched (DagschedSelection *self, DagschedGraph *graph)
{
  GPtrArray *messages = g_ptr_array_new ();

  for (guint i = 0; i < self->filters->len; i++)
    add_unmatched_glob (messages, &g_array_index (self->filters, Glob, i), "filter", graph);
  add_unknown_names (messages, self->names, graph);
  for (guint i = 0; i < self->excludes->len; i++)
    add_unmatched_glob (messages, &g_array_index (self->excludes, Glob, i), "exclude", graph);
  for (guint i = 0; i < self->suites->len; i++)
    add_unmatched_suite (messages, g_ptr_array_index (self->suites, i), graph);
  g_ptr_array_add (messages, NULL);

  return (char **) g_ptr_array_free (messages, FALSE);
}
