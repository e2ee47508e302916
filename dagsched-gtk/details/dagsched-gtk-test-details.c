/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "details/dagsched-gtk-test-details-struct-private.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "base/dagsched-gtk-shell-line-private.h"
#include "details/dagsched-gtk-test-facts-private.h"
#include "details/dagsched-gtk-test-texts-private.h"

/**
 * DagschedGtkTestDetails:
 *
 * All there is to know of one test: what became of it and why, what its attempts wrote, the command, what it depends
 * on and what depends on it, its settings, how long it took in earlier runs.
 *
 * A click on a dependency or dependent sets [property@TestDetails:test] to it.
 *
 * Since: 1.0
 */

enum
{
  PROP_RUN = 1,
  PROP_TEST,
  PROP_HISTORY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (DagschedGtkTestDetails, dagsched_gtk_test_details, GTK_TYPE_WIDGET)

static void
set_look (DagschedGtkTestDetails *self, DagschedGtkLook look)
{
  g_autofree char *before = g_strconcat ("look-", dagsched_gtk_look_get_word (self->shown_look), NULL);
  g_autofree char *after = g_strconcat ("look-", dagsched_gtk_look_get_word (look), NULL);

  gtk_image_set_from_icon_name (self->icon, dagsched_gtk_look_get_icon_name (look));
  gtk_widget_remove_css_class (GTK_WIDGET (self->icon), before);
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), after);
  self->shown_look = look;
}

static void
update_header (DagschedGtkTestDetails *self)
{
  g_autofree char *outcome = dagsched_gtk_test_texts_outcome (self->table, self->number);
  const char *reason = dagsched_test_get_reason (self->test);

  set_look (self, self->table->looks[self->number]);
  gtk_label_set_text (self->outcome, outcome);
  gtk_label_set_text (self->reason, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason), reason != NULL && *reason != '\0');
  self->shown_flags = self->table->flags[self->number];
  dagsched_gtk_test_facts_fill_flags (self->flags, self->shown_flags);
}

static void
update_waits (DagschedGtkTestDetails *self)
{
  const char *title = dagsched_test_get_outcome (self->test) == DAGSCHED_OUTCOME_SKIPPED
                        ? _ ("Why It Is Skipped")
                        : _ ("Why It Is Blocked");

  dagsched_gtk_test_links_set (self->blocked_by, self->table, title,
                               dagsched_gtk_test_facts_blocked_by (self->table, self->number));
  dagsched_gtk_test_links_set (self->waits_for, self->table, _ ("Waits For"),
                               dagsched_gtk_test_facts_waits_for (self->table, self->number));
}

static void
fill_links (DagschedGtkTestDetails *self)
{
  GArray *dependencies = dagsched_gtk_test_facts_dependencies (self->table, self->number);
  GArray *dependents = dagsched_gtk_test_facts_dependents (self->table, self->number);

  gtk_widget_set_visible (self->independent, dependencies->len == 0 && dependents->len == 0);
  dagsched_gtk_test_links_set (self->dependencies, self->table, _ ("Depends On"), dependencies);
  dagsched_gtk_test_links_set (self->dependents, self->table, _ ("Needed By"), dependents);
  update_waits (self);
}

static void
fill_settings (DagschedGtkTestDetails *self)
{
  g_autofree char *line = dagsched_gtk_shell_line_of (self->test);

  if (g_strcmp0 (gtk_label_get_text (self->command), line) != 0)
    gtk_label_set_text (self->command, line != NULL ? line : "");
  gtk_widget_set_visible (self->command_box, line != NULL);
  dagsched_gtk_test_facts_fill_settings (self->settings, self->test);
}

static void
fill_history (DagschedGtkTestDetails *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) results = NULL;
  g_autofree char *text = NULL;

  if (self->history != NULL && self->test != NULL && self->run != NULL)
    results = dagsched_history_dup_results (self->history, dagsched_run_get_name (self->run),
                                            dagsched_test_get_name (self->test), &error);
  if (error != NULL)
    text = g_strdup (error->message);
  else if (results != NULL && results->len > 0)
    text = dagsched_gtk_sparkline_dup_text (results);
  dagsched_gtk_sparkline_set_results (self->sparkline, results);
  gtk_widget_set_visible (GTK_WIDGET (self->sparkline), error == NULL);
  gtk_label_set_text (self->history_text, text != NULL ? text : "");
  gtk_widget_set_visible (self->history_box, text != NULL);
}

static void
fill (DagschedGtkTestDetails *self)
{
  gboolean is_there = self->number != DAGSCHED_RUN_NO_TEST;

  self->shown_attempt = DAGSCHED_GTK_NO_ATTEMPT;
  self->is_live = FALSE;
  gtk_stack_set_visible_child_name (self->content, is_there ? "test" : "no-test");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "details.copy-command",
                                 is_there && DAGSCHED_IS_COMMAND_TEST (self->test));
  if (!is_there)
    {
      dagsched_gtk_test_attempts_set_test (self->attempts, NULL, NULL);
      return;
    }

  gtk_label_set_text (self->name, dagsched_test_get_name (self->test));
  update_header (self);
  fill_links (self);
  fill_settings (self);
  fill_history (self);
  dagsched_gtk_test_attempts_set_test (self->attempts, self->run, self->test);
  dagsched_gtk_test_details_begin_output (self);
}

static void
update (DagschedGtkTestDetails *self)
{
  DagschedGtkTestLinks *lists[] = { self->blocked_by, self->waits_for, self->dependencies, self->dependents };

  if (self->number == DAGSCHED_RUN_NO_TEST || self->number >= self->table->n_tests)
    return;

  if (self->shown_look != self->table->looks[self->number] ||
      self->shown_flags != self->table->flags[self->number])
    {
      update_header (self);
      update_waits (self);
    }
  else if (self->shown_look == DAGSCHED_GTK_LOOK_PENDING)
    update_waits (self);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    dagsched_gtk_test_links_update (lists[i]);
  dagsched_gtk_test_attempts_update (self->attempts);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  DagschedGtkTestDetails *self = DAGSCHED_GTK_TEST_DETAILS (widget);

  self->tick_id = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

/* Whether it concerns what is shown: the test, or one beside it. */
static gboolean
concerns (DagschedGtkTestDetails *self, guint32 number)
{
  const DagschedGtkRunTable *table = self->table;

  if (number == self->number)
    return TRUE;
  for (guint32 edge = table->first_dependency[self->number]; edge < table->first_dependency[self->number + 1];
       edge++)
    {
      if (table->dependencies[edge] == number)
        return TRUE;
    }
  for (guint32 edge = table->first_dependent[self->number]; edge < table->first_dependent[self->number + 1];
       edge++)
    {
      if (table->dependents[edge] == number)
        return TRUE;
    }

  return FALSE;
}

/* With very many neighbours it is cheaper to look at what is shown. */
static gboolean
concern (DagschedGtkTestDetails *self, GArray *numbers)
{
  const DagschedGtkRunTable *table = self->table;
  guint n_neighbours = table->first_dependency[self->number + 1] - table->first_dependency[self->number] +
                       table->first_dependent[self->number + 1] - table->first_dependent[self->number];

  if (n_neighbours > 100)
    return TRUE;
  for (guint i = 0; i < numbers->len; i++)
    {
      if (concerns (self, g_array_index (numbers, guint32, i)))
        return TRUE;
    }

  return FALSE;
}

static void
on_table_changed (DagschedGtkTestDetails *self, GArray *numbers)
{
  if (self->number != DAGSCHED_RUN_NO_TEST && self->tick_id == 0 &&
      gtk_widget_get_mapped (GTK_WIDGET (self)) && concern (self, numbers))
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

/* The tests may be others. */
static void
on_table_reset (DagschedGtkTestDetails *self)
{
  self->number = self->test != NULL ? dagsched_run_find_test (self->run, self->test) : DAGSCHED_RUN_NO_TEST;
  fill (self);
}

static void
on_link_activated (DagschedGtkTestDetails *self, guint number)
{
  if (number < self->table->n_tests)
    dagsched_gtk_test_details_set_test (self, self->table->tests[number]);
}

static void
copy_command (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *line = dagsched_gtk_shell_line_of (DAGSCHED_GTK_TEST_DETAILS (widget)->test);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), line);
}

static void
dagsched_gtk_test_details_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (dagsched_gtk_test_details_parent_class)->map (widget);

  update (DAGSCHED_GTK_TEST_DETAILS (widget));
}

static void
dagsched_gtk_test_details_unmap (GtkWidget *widget)
{
  DagschedGtkTestDetails *self = DAGSCHED_GTK_TEST_DETAILS (widget);

  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (widget, self->tick_id);
  self->tick_id = 0;

  GTK_WIDGET_CLASS (dagsched_gtk_test_details_parent_class)->unmap (widget);
}

static void
dagsched_gtk_test_details_dispose (GObject *object)
{
  DagschedGtkTestDetails *self = DAGSCHED_GTK_TEST_DETAILS (object);
  GtkWidget *child;

  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  if (self->attempts != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->attempts, self);
      g_object_run_dispose (G_OBJECT (self->attempts));
    }
  g_clear_object (&self->attempts);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->table);
  g_clear_object (&self->run);
  g_clear_object (&self->test);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (dagsched_gtk_test_details_parent_class)->dispose (object);
}

static void
dagsched_gtk_test_details_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DagschedGtkTestDetails *self = DAGSCHED_GTK_TEST_DETAILS (object);

  if (id == PROP_RUN)
    g_value_set_object (value, self->run);
  else if (id == PROP_TEST)
    g_value_set_object (value, self->test);
  else if (id == PROP_HISTORY)
    g_value_set_object (value, self->history);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
dagsched_gtk_test_details_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DagschedGtkTestDetails *self = DAGSCHED_GTK_TEST_DETAILS (object);

  if (id == PROP_RUN)
    dagsched_gtk_test_details_set_run (self, g_value_get_object (value));
  else if (id == PROP_TEST)
    dagsched_gtk_test_details_set_test (self, g_value_get_object (value));
  else if (id == PROP_HISTORY)
    dagsched_gtk_test_details_set_history (self, g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

#define FLAGS (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

static void
install_properties (GObjectClass *object_class)
{
  /**
   * DagschedGtkTestDetails:run:
   *
   * The run that the test is part of; %NULL: none.
   *
   * Since: 1.0
   */
  properties[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, DAGSCHED_TYPE_RUN, FLAGS);
  /**
   * DagschedGtkTestDetails:test:
   *
   * The test; %NULL: none.
   *
   * Since: 1.0
   */
  properties[PROP_TEST] = g_param_spec_object ("test", NULL, NULL, DAGSCHED_TYPE_TEST, FLAGS);
  /**
   * DagschedGtkTestDetails:history:
   *
   * What is known of earlier runs, to be used in the thread of GTK; %NULL: nothing is shown of them.
   *
   * Since: 1.0
   */
  properties[PROP_HISTORY] = g_param_spec_object ("history", NULL, NULL, DAGSCHED_TYPE_HISTORY, FLAGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

#define BIND(member) gtk_widget_class_bind_template_child (widget_class, DagschedGtkTestDetails, member)

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dagsched/gtk/details/dagsched-gtk-test-details.ui");
  BIND (content);
  BIND (icon);
  BIND (name);
  BIND (outcome);
  BIND (reason);
  BIND (flags);
  BIND (pages);
  BIND (attempts_list);
  BIND (output);
  BIND (blocked_by);
  BIND (waits_for);
  BIND (dependencies);
  BIND (dependents);
  BIND (independent);
  BIND (command_box);
  BIND (command);
  BIND (history_box);
  BIND (sparkline);
  BIND (history_text);
  BIND (settings);
  gtk_widget_class_bind_template_callback (widget_class, dagsched_gtk_test_details_attempt_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_link_activated);
}

static void
dagsched_gtk_test_details_class_init (DagschedGtkTestDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dagsched_gtk_test_details_dispose;
  object_class->get_property = dagsched_gtk_test_details_get_property;
  object_class->set_property = dagsched_gtk_test_details_set_property;
  widget_class->map = dagsched_gtk_test_details_map;
  widget_class->unmap = dagsched_gtk_test_details_unmap;
  install_properties (object_class);

  g_type_ensure (DAGSCHED_GTK_TYPE_OUTPUT_VIEW);
  g_type_ensure (DAGSCHED_GTK_TYPE_TEST_LINKS);
  g_type_ensure (DAGSCHED_GTK_TYPE_SPARKLINE);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "details.copy-command", NULL, copy_command);
  gtk_widget_class_set_css_name (widget_class, "testdetails");
}

static void
set_up_attempt (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
bind_attempt (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkStringObject *object = gtk_list_item_get_item (item);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), gtk_string_object_get_string (object));
}

static void
dagsched_gtk_test_details_init (DagschedGtkTestDetails *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  self->number = DAGSCHED_RUN_NO_TEST;
  self->shown_attempt = DAGSCHED_GTK_NO_ATTEMPT;
  self->attempts = dagsched_gtk_test_attempts_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect (factory, "setup", G_CALLBACK (set_up_attempt), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_attempt), NULL);
  gtk_drop_down_set_factory (self->attempts_list, factory);
  g_signal_connect_object (self->attempts, "loaded", G_CALLBACK (dagsched_gtk_test_details_attempts_loaded),
                           self, G_CONNECT_SWAPPED);
  /* Of a run in another process they come along with the attempts. */
  g_signal_connect_object (self->attempts, "loaded", G_CALLBACK (fill_settings), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->attempts, "output", G_CALLBACK (dagsched_gtk_test_details_output), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->attempts, "written", G_CALLBACK (dagsched_gtk_test_details_written), self,
                           G_CONNECT_SWAPPED);
  fill (self);
}

/**
 * dagsched_gtk_test_details_new:
 *
 * Creates the details of no test.
 *
 * Returns: (transfer full): the details
 *
 * Since: 1.0
 */
GtkWidget *
dagsched_gtk_test_details_new (void)
{
  return g_object_new (DAGSCHED_GTK_TYPE_TEST_DETAILS, NULL);
}

/**
 * dagsched_gtk_test_details_get_run:
 * @self: details
 *
 * Gets [property@TestDetails:run].
 *
 * Returns: (transfer none) (nullable): the run
 *
 * Since: 1.0
 */
DagschedRun *
dagsched_gtk_test_details_get_run (DagschedGtkTestDetails *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_TEST_DETAILS (self), NULL);

  return self->run;
}

/**
 * dagsched_gtk_test_details_set_run:
 * @self: details
 * @run: (nullable): a run
 *
 * Sets [property@TestDetails:run], and the test to none.
 *
 * Since: 1.0
 */
void
dagsched_gtk_test_details_set_run (DagschedGtkTestDetails *self, DagschedRun *run)
{
  g_return_if_fail (DAGSCHED_GTK_IS_TEST_DETAILS (self));
  g_return_if_fail (run == NULL || DAGSCHED_IS_RUN (run));

  if (self->run == run)
    return;

  dagsched_gtk_test_details_set_test (self, NULL);
  g_set_object (&self->run, run);
  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  g_clear_object (&self->table);
  if (run != NULL)
    {
      self->table = dagsched_gtk_run_table_get (run);
      g_signal_connect_object (self->table, "changed", G_CALLBACK (on_table_changed), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->table, "reset", G_CALLBACK (on_table_reset), self, G_CONNECT_SWAPPED);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}

/**
 * dagsched_gtk_test_details_get_test:
 * @self: details
 *
 * Gets [property@TestDetails:test].
 *
 * Returns: (transfer none) (nullable): the test
 *
 * Since: 1.0
 */
DagschedTest *
dagsched_gtk_test_details_get_test (DagschedGtkTestDetails *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_TEST_DETAILS (self), NULL);

  return self->test;
}

/**
 * dagsched_gtk_test_details_set_test:
 * @self: details
 * @test: (nullable): a test of the run
 *
 * Sets [property@TestDetails:test]. A test of another run is none.
 *
 * Since: 1.0
 */
void
dagsched_gtk_test_details_set_test (DagschedGtkTestDetails *self, DagschedTest *test)
{
  guint number = DAGSCHED_RUN_NO_TEST;

  g_return_if_fail (DAGSCHED_GTK_IS_TEST_DETAILS (self));
  g_return_if_fail (test == NULL || DAGSCHED_IS_TEST (test));

  if (test != NULL && self->run != NULL)
    number = dagsched_run_find_test (self->run, test);
  if (number == DAGSCHED_RUN_NO_TEST)
    test = NULL;
  if (!g_set_object (&self->test, test))
    return;

  self->number = number;
  fill (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEST]);
}

/**
 * dagsched_gtk_test_details_get_history:
 * @self: details
 *
 * Gets [property@TestDetails:history].
 *
 * Returns: (transfer none) (nullable): the history
 *
 * Since: 1.0
 */
DagschedHistory *
dagsched_gtk_test_details_get_history (DagschedGtkTestDetails *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_TEST_DETAILS (self), NULL);

  return self->history;
}

/**
 * dagsched_gtk_test_details_set_history:
 * @self: details
 * @history: (nullable): what is known of earlier runs
 *
 * Sets [property@TestDetails:history].
 *
 * Since: 1.0
 */
void
dagsched_gtk_test_details_set_history (DagschedGtkTestDetails *self, DagschedHistory *history)
{
  g_return_if_fail (DAGSCHED_GTK_IS_TEST_DETAILS (self));
  g_return_if_fail (history == NULL || DAGSCHED_IS_HISTORY (history));

  if (!g_set_object (&self->history, history))
    return;

  fill_history (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HISTORY]);
}
