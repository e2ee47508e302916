/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-suggest-private.h"
#include "source/dagsched-manifest.h"
#include "source/dagsched-members-private.h"

#define FORMAT_VERSION 1

typedef struct
{
  DagschedGraph *graph;
  DagschedPlace place;
  char *directory; /* absolute */
  GArray *pending; /* of DagschedPending */
  GStringChunk *names;
} Overrides;

static gboolean
check_version (Overrides *self, JsonObject *root)
{
  DagschedPlace place = DAGSCHED_PLACE_MEMBER (&self->place, "dagsched-overrides");
  JsonNode *node = json_object_get_member (root, "dagsched-overrides");

  if (node == NULL)
    {
      if (json_object_has_member (root, "dagsched"))
        dagsched_place_add_problem (&self->place,
                                    "is a manifest, not an overrides file: give it as a source");
      else
        dagsched_place_add_problem (
          &self->place, "is no overrides file: it has no member \"dagsched-overrides\": %d", FORMAT_VERSION);
      return FALSE;
    }

  return dagsched_json_check_version (node, &place, FORMAT_VERSION);
}

static void
add_no_match (Overrides *self, const char *pattern, const DagschedPlace *place)
{
  GListModel *tests = G_LIST_MODEL (self->graph);
  guint n = g_list_model_get_n_items (tests);
  DagschedSuggestion suggestion;
  g_autofree char *text = NULL;

  dagsched_suggestion_init (&suggestion, pattern);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);

      dagsched_suggestion_offer (&suggestion, dagsched_test_get_name (test));
    }
  text = dagsched_suggestion_dup_text (&suggestion);
  dagsched_place_add_problem_code (place, DAGSCHED_ERROR_UNKNOWN_TEST,
                                   "no test's name is or matches \"%s\"%s", pattern, text);
}

/* A test of that very name, or else all that the glob matches. */
static GPtrArray *
list_matches (DagschedGraph *graph, const char *pattern)
{
  g_autoptr (GPatternSpec) spec = g_pattern_spec_new (pattern);
  GPtrArray *matches = g_ptr_array_new_with_free_func (g_object_unref);
  DagschedTest *exact = dagsched_graph_lookup (graph, pattern);
  guint n = exact == NULL ? g_list_model_get_n_items (G_LIST_MODEL (graph)) : 0;

  if (exact != NULL)
    g_ptr_array_add (matches, g_object_ref (exact));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (graph), i);

      if (g_pattern_spec_match_string (spec, dagsched_test_get_name (test)))
        g_ptr_array_add (matches, g_steal_pointer (&test));
    }

  return matches;
}

static void
apply_entry (Overrides *self, const char *pattern, JsonNode *node, const DagschedPlace *place)
{
  DagschedPlace depends_place = DAGSCHED_PLACE_MEMBER (place, "depends");
  g_autofree char *depends_text = dagsched_place_to_string (&depends_place);
  DagschedMembersContext context = {
    .directory = self->directory,
    .use = DAGSCHED_MEMBERS_OVERRIDE,
    .of_pattern = dagsched_graph_lookup (self->graph, pattern) == NULL,
    .depends_place = g_string_chunk_insert_const (self->names, depends_text),
    .pending = self->pending,
    .names = self->names,
  };
  JsonObject *object = dagsched_json_get_object (node, place, "an object of members of a test");
  g_autoptr (GPtrArray) matches = list_matches (self->graph, pattern);
  DagschedProblems *problems = self->place.problems;
  guint n_problems = dagsched_problems_get_n (problems);

  if (object == NULL)
    return;
  if (matches->len == 0)
    add_no_match (self, pattern, place);

  /* What is wrong with the entry is wrong for each test: once is enough. */
  for (guint i = 0; i < matches->len && dagsched_problems_get_n (problems) == n_problems; i++)
    dagsched_members_apply (&context, object, place, g_ptr_array_index (matches, i));
}

static void
apply_tests (Overrides *self, JsonNode *node)
{
  DagschedPlace place = DAGSCHED_PLACE_MEMBER (&self->place, "tests");
  JsonObject *object = dagsched_json_get_object (node, &place, "an object of overrides by test name or glob");
  JsonObjectIter iter;
  const char *pattern;
  JsonNode *member;

  if (object == NULL)
    return;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &pattern, &member))
    {
      DagschedPlace member_place = DAGSCHED_PLACE_MEMBER (&place, pattern);

      apply_entry (self, pattern, member, &member_place);
    }
}

static void
apply_root (Overrides *self, JsonObject *root)
{
  static const char *const known[] = { "$schema", "dagsched-overrides", "resources", "tests", NULL };
  DagschedPlace schema_place = DAGSCHED_PLACE_MEMBER (&self->place, "$schema");
  DagschedPlace resources_place = DAGSCHED_PLACE_MEMBER (&self->place, "resources");
  JsonNode *node;

  if (!check_version (self, root))
    return;

  dagsched_members_check_unknown (root, &self->place, known);
  if ((node = json_object_get_member (root, "$schema")) != NULL)
    dagsched_json_get_string (node, &schema_place, "the address of a JSON Schema");
  if ((node = json_object_get_member (root, "resources")) != NULL)
    dagsched_members_add_resources (node, &resources_place, self->graph);
  if ((node = json_object_get_member (root, "tests")) != NULL)
    apply_tests (self, node);
}

/**
 * dagsched_manifest_apply_overrides:
 * @path: (type filename): an overrides file
 * @graph: the graph to change
 * @error: return location for an error
 *
 * Lays an overrides file over a graph that was loaded from any source.
 *
 * The file is a JSON object: `"dagsched-overrides": 1`, `"resources"` to declare, and `"tests"`, whose members are
 * called as a test, or else by a glob (`*` and `?`) that the names of tests match, and have the members that a
 * test of a manifest has, except `name`. Later entries win. `env`, `resources` and `group` are merged with what the test has,
 * `depends` adds to it, all else replaces it. A test that a glob matches is not made to depend on itself.
 * Paths are relative to the file's directory.
 *
 * On an error @graph may be changed in part: it is of no further use.
 *
 * Errors: %DAGSCHED_ERROR_NOT_FOUND if the file is not there; %DAGSCHED_ERROR_PARSE if it is not what it should be, with
 * one line for each thing that is wrong; %DAGSCHED_ERROR_UNKNOWN_TEST if a pattern matches nothing;
 * %DAGSCHED_ERROR_RESOURCE, %DAGSCHED_ERROR_BUSY.
 *
 * Returns: whether the file was applied
 *
 * Since: 1.0
 */
gboolean
dagsched_manifest_apply_overrides (const char *path, DagschedGraph *graph, GError **error)
{
  g_autoptr (DagschedProblems) problems = dagsched_problems_new ();
  g_autofree char *current = g_get_current_dir ();
  g_autoptr (GArray) pending = g_array_new (FALSE, FALSE, sizeof (DagschedPending));
  g_autofree char *absolute = NULL;
  g_autofree char *directory = NULL;
  g_autoptr (JsonNode) root = NULL;
  Overrides self = { .graph = graph, .pending = pending };
  JsonObject *object;
  gboolean good;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (DAGSCHED_IS_GRAPH (graph), FALSE);

  root = dagsched_json_load (path, path, problems, error);
  if (root == NULL)
    return FALSE;

  absolute = g_canonicalize_filename (path, current);
  self.directory = directory = g_path_get_dirname (absolute);
  self.place = (DagschedPlace) DAGSCHED_PLACE_FILE (path, problems);
  self.names = g_string_chunk_new (1024);

  object = dagsched_json_get_object (root, &self.place, "an object");
  if (object != NULL)
    apply_root (&self, object);
  good = dagsched_problems_check (problems, error) && dagsched_members_add_pending (pending, graph, error);
  g_string_chunk_free (self.names);

  return good;
}
