/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-run-page.h"

#include <dagsched-gtk.h>
#include <glib/gi18n.h>

#include "monitor-replay-bar.h"

struct _MonitorRunPage
{
  GtkWidget parent_instance;

  AdwViewSwitcherTitle *switcher;
  GtkWidget *run_button;
  GtkWidget *stop_button;
  DagschedGtkRunSummary *summary;
  AdwFlap *flap;
  AdwViewStack *views;
  DagschedGtkGraphView *graph;
  DagschedGtkTimelineView *timeline;
  DagschedGtkTestList *tests;
  DagschedGtkTestDetails *details;
  MonitorReplayBar *replay_bar;

  GSettings *settings;
  MonitorSession *session; /* (nullable) */
  DagschedRun *run;        /* (nullable) what the views show */
};

G_DEFINE_FINAL_TYPE (MonitorRunPage, monitor_run_page, GTK_TYPE_WIDGET)

static guint
count_failures (MonitorRunPage *self)
{
  guint n = 0;

  for (DagschedOutcome outcome = DAGSCHED_OUTCOME_PASSED; outcome < DAGSCHED_N_OUTCOMES; outcome++)
    {
      if (dagsched_outcome_is_failure (outcome))
        n += dagsched_run_get_n_with_outcome (self->run, outcome);
    }

  return n;
}

char *
monitor_run_page_dup_verdict (MonitorRunPage *self)
{
  guint n_failures = self->run != NULL ? count_failures (self) : 0;
  const char *problem = self->run != NULL ? dagsched_run_get_problem (self->run) : NULL;

  if (n_failures > 0)
    return g_strdup_printf (ngettext ("%u test failed", "%u tests failed", n_failures), n_failures);
  if (problem != NULL)
    return g_strdup (problem);

  return g_strdup (_ ("All tests are as they should be"));
}

/* What can be done. */

static void
update_actions (MonitorRunPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_suite =
    self->session != NULL && monitor_session_get_kind (self->session) == MONITOR_SESSION_SUITE;
  gboolean is_running = self->session != NULL && monitor_session_get_running (self->session);
  gboolean can_run = is_suite && !is_running;
  gboolean can_stop = is_running && self->run != NULL && dagsched_run_can_cancel (self->run);
  gboolean has_selection = self->tests != NULL && dagsched_gtk_test_list_get_selected (self->tests) != NULL;

  gtk_widget_set_visible (self->run_button, is_suite && !is_running);
  gtk_widget_set_visible (self->stop_button, can_stop);
  gtk_widget_action_set_enabled (widget, "page.run", can_run);
  gtk_widget_action_set_enabled (widget, "page.run-failed",
                                 can_run && self->run != NULL && count_failures (self) > 0);
  gtk_widget_action_set_enabled (widget, "page.run-selected", can_run && has_selection);
  gtk_widget_action_set_enabled (widget, "page.stop", can_stop);
  g_object_set (self->tests, "can-run-again", can_run, NULL);
  gtk_widget_action_set_enabled (widget, "page.export", self->run != NULL);
}

static void
action_run (GtkWidget *widget, const char *name, GVariant *parameter)
{
  monitor_session_start (MONITOR_RUN_PAGE (widget)->session, NULL);
}

static void
add_name (GPtrArray *names, DagschedTest *test)
{
  g_ptr_array_add (names, g_strdup (dagsched_test_get_name (test)));
}

static void
action_run_failed (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MonitorRunPage *self = MONITOR_RUN_PAGE (widget);
  GListModel *tests = dagsched_run_get_tests (self->run);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < g_list_model_get_n_items (tests); i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);

      if (dagsched_outcome_is_failure (dagsched_test_get_outcome (test)))
        add_name (names, test);
    }
  monitor_session_start (self->session, names);
}

static void
run_selected (MonitorRunPage *self)
{
  g_autoptr (GPtrArray) selection = dagsched_gtk_test_list_dup_selection (self->tests);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < selection->len; i++)
    add_name (names, g_ptr_array_index (selection, i));
  if (names->len > 0)
    monitor_session_start (self->session, names);
}

static void
action_run_selected (GtkWidget *widget, const char *name, GVariant *parameter)
{
  run_selected (MONITOR_RUN_PAGE (widget));
}

static void
action_stop (GtkWidget *widget, const char *name, GVariant *parameter)
{
  monitor_session_stop (MONITOR_RUN_PAGE (widget)->session);
}

static void
show_view (MonitorRunPage *self, const char *name)
{
  adw_view_stack_set_visible_child_name (self->views, name);
}

static void
action_view (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_view (MONITOR_RUN_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
action_find (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MonitorRunPage *self = MONITOR_RUN_PAGE (widget);

  show_view (self, "tests");
  dagsched_gtk_test_list_focus_filter (self->tests);
}

static void
action_details (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwFlap *flap = MONITOR_RUN_PAGE (widget)->flap;

  adw_flap_set_reveal_flap (flap, !adw_flap_get_reveal_flap (flap));
}

static void
action_export (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MonitorRunPage *self = MONITOR_RUN_PAGE (widget);

  gtk_widget_activate_action (GTK_WIDGET (self->graph), "graph.export", NULL);
}

/* What is shown. */

static void
show_details (MonitorRunPage *self)
{
  adw_flap_set_reveal_flap (self->flap, TRUE);
}

static void
set_run (MonitorRunPage *self, DagschedRun *run)
{
  g_set_object (&self->run, run);
  g_object_set (self->summary, "run", run, NULL);
  g_object_set (self->graph, "run", run, NULL);
  g_object_set (self->timeline, "run", run, NULL);
  g_object_set (self->tests, "run", run, NULL);
  g_object_set (self->details, "run", run, "test", NULL, NULL);
  monitor_replay_bar_set_log (self->replay_bar, DAGSCHED_IS_RUN_LOG (run) ? DAGSCHED_RUN_LOG (run) : NULL);
}

static void
on_session_run (MonitorRunPage *self)
{
  set_run (self, monitor_session_get_run (self->session));
  g_object_set (self->details, "history", monitor_session_get_history (self->session), NULL);
  update_actions (self);
}

void
monitor_run_page_set_session (MonitorRunPage *self, MonitorSession *session)
{
  g_return_if_fail (MONITOR_IS_RUN_PAGE (self));

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session == NULL)
    {
      set_run (self, NULL);
      update_actions (self);
      return;
    }

  g_object_bind_property (session, "title", self->switcher, "title", G_BINDING_SYNC_CREATE);
  g_object_bind_property (session, "subtitle", self->switcher, "subtitle", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (session, "notify::run", G_CALLBACK (on_session_run), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::running", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  on_session_run (self);
}

/* What the list is filtered for stands out in the graph. */
static void
on_matches (MonitorRunPage *self)
{
  GArray *matches = dagsched_gtk_test_list_get_matches (self->tests);

  if (matches != NULL)
    dagsched_gtk_graph_view_set_hits (self->graph, (const guint32 *) (gpointer) matches->data, matches->len);
  else
    dagsched_gtk_graph_view_clear_hits (self->graph);
}

/* The list has the counts itself. */
static void
on_view_changed (MonitorRunPage *self)
{
  const char *name = adw_view_stack_get_visible_child_name (self->views);

  g_object_set (self->summary, "show-counts", g_strcmp0 (name, "tests") != 0, NULL);
}

static void
on_look_activated (MonitorRunPage *self, const char *word)
{
  DagschedOutcome outcome;
  gboolean is_outcome = dagsched_outcome_from_string (word, &outcome);
  g_autofree char *filter = g_strdup_printf ("%s:%s", is_outcome ? "outcome" : "state", word);

  show_view (self, "tests");
  g_object_set (self->tests, "filter", filter, NULL);
}

void
monitor_run_page_set_settings (MonitorRunPage *self, GSettings *settings)
{
  g_return_if_fail (MONITOR_IS_RUN_PAGE (self));

  g_set_object (&self->settings, settings);
  g_settings_bind (settings, "view", self->views, "visible-child-name", G_SETTINGS_BIND_DEFAULT);
}

static void
monitor_run_page_dispose (GObject *object)
{
  MonitorRunPage *self = MONITOR_RUN_PAGE (object);
  GtkWidget *child;

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_object (&self->run);
  g_clear_object (&self->settings);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (monitor_run_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  g_type_ensure (DAGSCHED_GTK_TYPE_RUN_SUMMARY);
  g_type_ensure (DAGSCHED_GTK_TYPE_GRAPH_VIEW);
  g_type_ensure (DAGSCHED_GTK_TYPE_TIMELINE_VIEW);
  g_type_ensure (DAGSCHED_GTK_TYPE_TEST_LIST);
  g_type_ensure (DAGSCHED_GTK_TYPE_TEST_DETAILS);
  g_type_ensure (MONITOR_TYPE_REPLAY_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dagsched/Monitor/monitor-run-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MonitorRunPage, switcher);
  gtk_widget_class_bind_template_child (widget_class, MonitorRunPage, run_button);
  gtk_widget_class_bind_template_child (widget_class, MonitorRunPage, stop_button);
  gtk_widget_class_bind_template_child (widget_class, MonitorRunPage, summary);
  gtk_widget_class_bind_template_child (widget_class, MonitorRunPage, flap);
  gtk_widget_class_bind_template_child (widget_class, MonitorRunPage, views);
  gtk_widget_class_bind_template_child (widget_class, MonitorRunPage, graph);
  gtk_widget_class_bind_template_child (widget_class, MonitorRunPage, timeline);
  gtk_widget_class_bind_template_child (widget_class, MonitorRunPage, tests);
  gtk_widget_class_bind_template_child (widget_class, MonitorRunPage, details);
  gtk_widget_class_bind_template_child (widget_class, MonitorRunPage, replay_bar);
}

static void
bind_keys (GtkWidgetClass *widget_class)
{
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "page.run", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, GDK_SHIFT_MASK, "page.run-failed", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F9, 0, "page.details", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "page.find", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK, "page.export", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_1, GDK_ALT_MASK, "page.view", "s", "graph");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_2, GDK_ALT_MASK, "page.view", "s", "workers");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_3, GDK_ALT_MASK, "page.view", "s", "tests");
}

static gboolean
get_critical_path (MonitorRunPage *self)
{
  gboolean shown = FALSE;

  if (self->graph != NULL)
    g_object_get (self->graph, "show-critical-path", &shown, NULL);

  return shown;
}

static void
monitor_run_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == 1)
    g_value_set_boolean (value, get_critical_path (MONITOR_RUN_PAGE (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
monitor_run_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  if (prop_id == 1)
    g_object_set (MONITOR_RUN_PAGE (object)->graph, "show-critical-path", g_value_get_boolean (value), NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
monitor_run_page_class_init (MonitorRunPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = monitor_run_page_dispose;
  object_class->get_property = monitor_run_page_get_property;
  object_class->set_property = monitor_run_page_set_property;
  g_object_class_install_property (
    object_class, 1,
    g_param_spec_boolean ("critical-path", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "page.run", NULL, action_run);
  gtk_widget_class_install_action (widget_class, "page.run-failed", NULL, action_run_failed);
  gtk_widget_class_install_action (widget_class, "page.run-selected", NULL, action_run_selected);
  gtk_widget_class_install_action (widget_class, "page.stop", NULL, action_stop);
  gtk_widget_class_install_action (widget_class, "page.view", "s", action_view);
  gtk_widget_class_install_action (widget_class, "page.find", NULL, action_find);
  gtk_widget_class_install_action (widget_class, "page.details", NULL, action_details);
  gtk_widget_class_install_action (widget_class, "page.export", NULL, action_export);
  gtk_widget_class_install_property_action (widget_class, "page.critical-path", "critical-path");
  bind_keys (widget_class);
}

static void
bind_selection (MonitorRunPage *self, gpointer view)
{
  g_object_bind_property (self->tests, "selected", view, "selected", G_BINDING_BIDIRECTIONAL);
  g_signal_connect_object (view, "activate", G_CALLBACK (show_details), self, G_CONNECT_SWAPPED);
}

static void
monitor_run_page_init (MonitorRunPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bind_selection (self, self->graph);
  bind_selection (self, self->timeline);
  g_signal_connect_object (self->tests, "activate", G_CALLBACK (show_details), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tests, "show-details", G_CALLBACK (show_details), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tests, "run-again", G_CALLBACK (run_selected), self, G_CONNECT_SWAPPED);
  g_object_bind_property (self->tests, "selected", self->details, "test", G_BINDING_BIDIRECTIONAL);
  g_signal_connect_object (self->tests, "notify::matches", G_CALLBACK (on_matches), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tests, "notify::selected", G_CALLBACK (update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->views, "notify::visible-child-name", G_CALLBACK (on_view_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->summary, "look-activated", G_CALLBACK (on_look_activated), self,
                           G_CONNECT_SWAPPED);
  update_actions (self);
}
