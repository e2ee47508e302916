/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source-options.h"

#include <string.h>

#include "cli-message.h"
#include "cli-status.h"
#include "cli-value.h"

void
source_options_clear (SourceOptions *self)
{
  g_clear_pointer (&self->paths, g_strfreev);
  g_clear_pointer (&self->type, g_free);
  g_clear_pointer (&self->overrides, g_strfreev);
  g_clear_pointer (&self->filters, g_strfreev);
  g_clear_pointer (&self->excludes, g_strfreev);
  g_clear_pointer (&self->suites, g_strfreev);
}

static gboolean
parse_type (const char *option, const char *value, gpointer data, GError **error)
{
  SourceOptions *self = data;
  guint choice;

  if (!cli_value_parse_choice (option, value, dagsched_source_list_types (), &choice, error))
    return FALSE;

  g_free (self->type);
  self->type = g_strdup (value);
  return TRUE;
}

static gboolean
append (char ***list, const char *option, const char *value, GError **error)
{
  guint length = *list != NULL ? g_strv_length (*list) : 0;

  if (!cli_value_check_utf8 (option, value, error))
    return FALSE;

  *list = g_renew (char *, *list, length + 2);
  (*list)[length] = g_strdup (value);
  (*list)[length + 1] = NULL;
  return TRUE;
}

static gboolean
parse_filter (const char *option, const char *value, gpointer data, GError **error)
{
  return append (&((SourceOptions *) data)->filters, option, value, error);
}

static gboolean
parse_exclude (const char *option, const char *value, gpointer data, GError **error)
{
  return append (&((SourceOptions *) data)->excludes, option, value, error);
}

static gboolean
parse_suite (const char *option, const char *value, gpointer data, GError **error)
{
  return append (&((SourceOptions *) data)->suites, option, value, error);
}

void
source_options_add_sources (SourceOptions *self, CliContext *context)
{
  const GOptionEntry entries[] = {
    { "source-type", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, parse_type,
      "Read sources as TYPE: manifest, meson", "TYPE" },
    { "overrides", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->overrides,
      "Lay the settings in FILE over the tests", "FILE" },
    { NULL },
  };

  cli_context_set_paths (context, &self->paths);
  cli_context_add_group (context, "source", "Sources:", entries, self);
}

void
source_options_add_selection (SourceOptions *self, CliContext *context)
{
  const GOptionEntry entries[] = {
    { "filter", 'k', G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, parse_filter,
      "Take tests whose name matches (repeatable)", "GLOB" },
    { "exclude", 'x', G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, parse_exclude,
      "Leave tests out, beats all else (repeatable)", "GLOB" },
    { "suite", 's', G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, parse_suite,
      "Take the tests of a suite (repeatable)", "NAME" },
    { "no-deps", 0, 0, G_OPTION_ARG_NONE, &self->no_deps, "Don't add what the taken tests depend on", NULL },
    { NULL },
  };

  cli_context_add_group (context, "selection", "Selection:", entries, self);
}

GPtrArray *
source_options_open (const SourceOptions *self)
{
  char *none[] = { NULL, NULL };
  char **paths = self->paths != NULL ? self->paths : none;
  guint n_paths = self->paths != NULL ? g_strv_length (self->paths) : 1;
  g_autoptr (GPtrArray) sources = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean failed = FALSE;

  for (guint i = 0; i < n_paths; i++)
    {
      g_autoptr (GError) error = NULL;
      DagschedSource *source = dagsched_source_new_for_path (paths[i], self->type, &error);

      if (source != NULL)
        g_ptr_array_add (sources, source);
      else
        cli_error ("%s", error->message);
      failed |= source == NULL;
    }

  return failed ? NULL : g_steal_pointer (&sources);
}

static gboolean
print_problems (DagschedGraph *graph)
{
  g_auto (GStrv) problems = dagsched_graph_list_problems (graph);
  guint n_problems = problems != NULL ? g_strv_length (problems) : 0;

  for (guint i = 0; i < n_problems; i++)
    cli_error ("%s", problems[i]);
  if (n_problems > 1)
    cli_error ("%u problems", n_problems);

  return n_problems > 0;
}

DagschedGraph *
source_options_load (const SourceOptions *self, GPtrArray *sources)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  gboolean failed = FALSE;

  for (guint i = 0; i < sources->len; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!dagsched_source_load (g_ptr_array_index (sources, i), graph, &error))
        {
          cli_error ("%s", error->message);
          failed = TRUE;
        }
    }
  for (guint i = 0; !failed && self->overrides != NULL && self->overrides[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!dagsched_manifest_apply_overrides (self->overrides[i], graph, &error))
        {
          cli_error ("%s", error->message);
          failed = TRUE;
        }
    }
  if (failed || print_problems (graph))
    return NULL;

  return g_steal_pointer (&graph);
}

DagschedGraph *
source_options_load_graph (const SourceOptions *self)
{
  g_autoptr (GPtrArray) sources = source_options_open (self);

  return sources != NULL ? source_options_load (self, sources) : NULL;
}

DagschedSelection *
source_options_create_selection (const SourceOptions *self)
{
  DagschedSelection *selection = dagsched_selection_new ();

  for (guint i = 0; self->filters != NULL && self->filters[i] != NULL; i++)
    dagsched_selection_add_filter (selection, self->filters[i]);
  for (guint i = 0; self->excludes != NULL && self->excludes[i] != NULL; i++)
    dagsched_selection_add_exclude (selection, self->excludes[i]);
  for (guint i = 0; self->suites != NULL && self->suites[i] != NULL; i++)
    dagsched_selection_add_suite (selection, self->suites[i]);
  dagsched_selection_set_with_dependencies (selection, !self->no_deps);

  return selection;
}

DagschedPlan *
source_options_create_plan (const SourceOptions *self, DagschedGraph *graph, int *status)
{
  g_autoptr (DagschedSelection) selection = source_options_create_selection (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedPlan) plan = dagsched_plan_new (graph, selection, &error);

  if (plan == NULL)
    {
      cli_error ("%s", error->message);
      *status = CLI_STATUS_USAGE;
      return NULL;
    }

  cli_warn_all (dagsched_plan_get_warnings (plan));
  if (g_list_model_get_n_items (G_LIST_MODEL (plan)) == 0)
    {
      cli_error ("no test is selected");
      *status = CLI_STATUS_NOTHING;
      return NULL;
    }

  return g_steal_pointer (&plan);
}
