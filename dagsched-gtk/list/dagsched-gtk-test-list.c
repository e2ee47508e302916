/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-list.h"

#include "list/dagsched-gtk-test-list-struct-private.h"

/* Narrower than this, buttons say their words in tooltips only. */
#define COMPACT_THRESHOLD 720

/**
 * DagschedGtkTestList:
 *
 * The tests of a run, to be filtered, sorted and selected.
 *
 * Filters are words of names and terms such as `suite:api`, `outcome:failed`, `is:flaky`, `duration:>1s`,
 * `-worker:3`; buttons show the tests of an outcome. Lists of a hundred thousand tests that all change are shown
 * fluidly.
 *
 * The actions `list.details` and `list.run-again` emit [signal@TestList::show-details] and
 * [signal@TestList::run-again].
 *
 * Since: 1.0
 */

enum
{
  PROP_RUN = 1,
  PROP_SELECTED,
  PROP_FILTER,
  PROP_MATCHES,
  PROP_CAN_RUN_AGAIN,
  N_PROPS
};

enum
{
  ACTIVATE,
  SHOW_DETAILS,
  RUN_AGAIN,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DagschedGtkTestList, dagsched_gtk_test_list, GTK_TYPE_WIDGET)

/* Somebody typed into the list. It may be gone with the next letter: nothing matches any more. */
static void
on_search_started (DagschedGtkTestList *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}

static void
on_stop_search (DagschedGtkTestList *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  dagsched_gtk_test_list_focus_row (self);
}

static void
on_entry_activated (DagschedGtkTestList *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    dagsched_gtk_test_list_focus_row (self);
}

static void
on_clear_clicked (DagschedGtkTestList *self)
{
  dagsched_gtk_look_chips_clear (self->chips);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

DagschedTest *
dagsched_gtk_test_list_peek_test (DagschedGtkTestList *self, guint32 number)
{
  return self->table != NULL && number < self->table->n_tests ? self->table->tests[number] : NULL;
}

static void
on_row_activated (DagschedGtkTestList *self, guint position)
{
  DagschedTest *test =
    dagsched_gtk_test_list_peek_test (self, dagsched_gtk_test_model_get_number (self->model, position));

  if (test != NULL)
    g_signal_emit (self, signals[ACTIVATE], 0, test);
}

static void
set_selected (DagschedGtkTestList *self, DagschedTest *test)
{
  if (!g_set_object (&self->selected, test))
    return;

  dagsched_gtk_test_list_update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

static void
on_focus_changed (DagschedGtkTestList *self)
{
  if (!self->is_selecting)
    set_selected (
      self, dagsched_gtk_test_list_peek_test (self, dagsched_gtk_test_selection_get_focus (self->selection)));
}

static void
dagsched_gtk_test_list_map (GtkWidget *widget)
{
  DagschedGtkTestList *self = DAGSCHED_GTK_TEST_LIST (widget);

  GTK_WIDGET_CLASS (dagsched_gtk_test_list_parent_class)->map (widget);

  dagsched_gtk_test_model_flush (self->model);
  if (self->is_stale)
    dagsched_gtk_test_list_queue_update (self);
  dagsched_gtk_test_list_start_clock (self);
}

static void
dagsched_gtk_test_list_unmap (GtkWidget *widget)
{
  DagschedGtkTestList *self = DAGSCHED_GTK_TEST_LIST (widget);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_handle_id (&self->clock_id, g_source_remove);
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (widget, self->tick_id);
  self->tick_id = 0;

  GTK_WIDGET_CLASS (dagsched_gtk_test_list_parent_class)->unmap (widget);
}

static void
dagsched_gtk_test_list_measure (GtkWidget *widget,
                                GtkOrientation orientation,
                                int for_size,
                                int *minimum,
                                int *natural,
                                int *minimum_baseline,
                                int *natural_baseline)
{
  gtk_widget_measure (DAGSCHED_GTK_TEST_LIST (widget)->content, orientation, for_size, minimum, natural, NULL,
                      NULL);
}

/* Not while sizes are given out: what changes then is not measured again. */
static gboolean
fit (gpointer user_data)
{
  DagschedGtkTestList *self = user_data;

  self->fit_id = 0;
  self->fitted_width = gtk_widget_get_width (GTK_WIDGET (self));
  dagsched_gtk_test_columns_set_width (self->columns, self->fitted_width);
  dagsched_gtk_look_chips_set_compact (self->chips, self->fitted_width < COMPACT_THRESHOLD);
  return G_SOURCE_REMOVE;
}

static void
dagsched_gtk_test_list_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  DagschedGtkTestList *self = DAGSCHED_GTK_TEST_LIST (widget);

  if (self->fitted_width != width && self->fit_id == 0)
    self->fit_id = g_idle_add_full (G_PRIORITY_HIGH, fit, self, NULL);
  gtk_widget_size_allocate (self->content, &(GtkAllocation){ 0, 0, width, height }, baseline);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (GTK_IS_POPOVER (child))
        gtk_popover_present (GTK_POPOVER (child));
    }
}

static void
dagsched_gtk_test_list_dispose (GObject *object)
{
  DagschedGtkTestList *self = DAGSCHED_GTK_TEST_LIST (object);
  GtkWidget *child;

  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  g_clear_handle_id (&self->fit_id, g_source_remove);
  g_clear_pointer (&self->columns, dagsched_gtk_test_columns_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_object (&self->table);
  g_clear_object (&self->run);
  g_clear_object (&self->selected);
  g_clear_pointer (&self->matches, g_array_unref);

  G_OBJECT_CLASS (dagsched_gtk_test_list_parent_class)->dispose (object);
}

static void
dagsched_gtk_test_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DagschedGtkTestList *self = DAGSCHED_GTK_TEST_LIST (object);

  if (id == PROP_RUN)
    g_value_set_object (value, self->run);
  else if (id == PROP_SELECTED)
    g_value_set_object (value, self->selected);
  else if (id == PROP_FILTER)
    g_value_set_string (value, dagsched_gtk_test_list_get_filter (self));
  else if (id == PROP_MATCHES)
    g_value_set_boxed (value, self->matches);
  else if (id == PROP_CAN_RUN_AGAIN)
    g_value_set_boolean (value, self->can_run_again);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
dagsched_gtk_test_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DagschedGtkTestList *self = DAGSCHED_GTK_TEST_LIST (object);

  if (id == PROP_RUN)
    dagsched_gtk_test_list_set_run (self, g_value_get_object (value));
  else if (id == PROP_SELECTED)
    dagsched_gtk_test_list_set_selected (self, g_value_get_object (value));
  else if (id == PROP_FILTER)
    dagsched_gtk_test_list_set_filter (self, g_value_get_string (value));
  else if (id == PROP_CAN_RUN_AGAIN)
    dagsched_gtk_test_list_allow_run_again (self, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

#define FLAGS (G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

static void
install_properties (GObjectClass *object_class)
{
  /**
   * DagschedGtkTestList:run:
   *
   * The run whose tests are listed; %NULL: none.
   *
   * Since: 1.0
   */
  properties[PROP_RUN] =
    g_param_spec_object ("run", NULL, NULL, DAGSCHED_TYPE_RUN, G_PARAM_READWRITE | FLAGS);
  /**
   * DagschedGtkTestList:selected:
   *
   * The test that was selected last, shown or not; %NULL: none. Setting it selects it alone and scrolls to it.
   *
   * Since: 1.0
   */
  properties[PROP_SELECTED] =
    g_param_spec_object ("selected", NULL, NULL, DAGSCHED_TYPE_TEST, G_PARAM_READWRITE | FLAGS);
  /**
   * DagschedGtkTestList:filter:
   *
   * What is typed to find tests.
   *
   * Since: 1.0
   */
  properties[PROP_FILTER] = g_param_spec_string ("filter", NULL, NULL, "", G_PARAM_READWRITE | FLAGS);
  /**
   * DagschedGtkTestList:matches: (type GArray(guint32))
   *
   * The numbers of the tests that the filter and the buttons let through, as the list shows them; %NULL: nothing
   * is filtered.
   *
   * Since: 1.0
   */
  properties[PROP_MATCHES] =
    g_param_spec_boxed ("matches", NULL, NULL, G_TYPE_ARRAY, G_PARAM_READABLE | FLAGS);
  /**
   * DagschedGtkTestList:can-run-again:
   *
   * Whether [signal@TestList::run-again] can be asked for.
   *
   * Since: 1.0
   */
  properties[PROP_CAN_RUN_AGAIN] =
    g_param_spec_boolean ("can-run-again", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
install_signals (void)
{
  /**
   * DagschedGtkTestList::activate:
   * @self: the list
   * @test: the test
   *
   * A test was double-clicked, or Enter was pressed on it.
   *
   * Since: 1.0
   */
  signals[ACTIVATE] = g_signal_new ("activate", DAGSCHED_GTK_TYPE_TEST_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, DAGSCHED_TYPE_TEST);
  /**
   * DagschedGtkTestList::show-details:
   * @self: the list
   * @test: the test
   *
   * Somebody wants to see the details of a test.
   *
   * Since: 1.0
   */
  signals[SHOW_DETAILS] = g_signal_new ("show-details", DAGSCHED_GTK_TYPE_TEST_LIST, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, DAGSCHED_TYPE_TEST);
  /**
   * DagschedGtkTestList::run-again:
   * @self: the list
   * @tests: (element-type Dagsched.Test): the tests, at least one
   *
   * Somebody wants tests to be run again.
   *
   * Since: 1.0
   */
  signals[RUN_AGAIN] = g_signal_new ("run-again", DAGSCHED_GTK_TYPE_TEST_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
}

static gboolean
on_find (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  dagsched_gtk_test_list_focus_filter (DAGSCHED_GTK_TEST_LIST (widget));
  return GDK_EVENT_STOP;
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dagsched/gtk/list/dagsched-gtk-test-list.ui");
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTestList, content);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTestList, header);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTestList, separator);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTestList, entry);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTestList, count);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTestList, problem);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTestList, chips);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTestList, stack);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTestList, no_matches);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTestList, scrolled);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTestList, view);
  gtk_widget_class_bind_template_callback (widget_class, dagsched_gtk_test_list_entry_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_search_started);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, dagsched_gtk_test_list_looks_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_clear_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
dagsched_gtk_test_list_class_init (DagschedGtkTestListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dagsched_gtk_test_list_dispose;
  object_class->get_property = dagsched_gtk_test_list_get_property;
  object_class->set_property = dagsched_gtk_test_list_set_property;
  widget_class->map = dagsched_gtk_test_list_map;
  widget_class->unmap = dagsched_gtk_test_list_unmap;
  widget_class->measure = dagsched_gtk_test_list_measure;
  widget_class->size_allocate = dagsched_gtk_test_list_size_allocate;
  install_properties (object_class);
  install_signals ();

  g_type_ensure (DAGSCHED_GTK_TYPE_LOOK_CHIPS);
  bind_template (widget_class);
  dagsched_gtk_test_list_install_actions (widget_class);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, on_find, NULL);
  gtk_widget_class_set_css_name (widget_class, "testlist");
}

static void
dagsched_gtk_test_list_init (DagschedGtkTestList *self)
{
  self->restored = -1;
  self->can_run_again = TRUE;
  self->model = dagsched_gtk_test_model_new ();
  self->selection = dagsched_gtk_test_selection_new (self->model);
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (self->model, "rearranged", G_CALLBACK (dagsched_gtk_test_list_update_page), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "focus-changed", G_CALLBACK (on_focus_changed), self,
                           G_CONNECT_SWAPPED);
  self->columns =
    dagsched_gtk_test_columns_new (self->view, self->model, dagsched_gtk_test_list_sort_changed, self);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scrolled), "changed",
                           G_CALLBACK (dagsched_gtk_test_list_adjustment_changed), self, G_CONNECT_SWAPPED);
  gtk_search_entry_set_key_capture_widget (self->entry, GTK_WIDGET (self->view));
  dagsched_gtk_test_list_add_menu (self, GTK_WIDGET (self->view));
  dagsched_gtk_test_list_update_actions (self);
  dagsched_gtk_test_list_update_page (self);
}

/**
 * dagsched_gtk_test_list_new:
 *
 * Creates a list of no run's tests.
 *
 * Returns: (transfer full): the list
 *
 * Since: 1.0
 */
GtkWidget *
dagsched_gtk_test_list_new (void)
{
  return g_object_new (DAGSCHED_GTK_TYPE_TEST_LIST, NULL);
}

/**
 * dagsched_gtk_test_list_get_run:
 * @self: a list
 *
 * Gets [property@TestList:run].
 *
 * Returns: (transfer none) (nullable): the run
 *
 * Since: 1.0
 */
DagschedRun *
dagsched_gtk_test_list_get_run (DagschedGtkTestList *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_TEST_LIST (self), NULL);

  return self->run;
}

/**
 * dagsched_gtk_test_list_set_run:
 * @self: a list
 * @run: (nullable): a run
 *
 * Sets [property@TestList:run].
 *
 * Since: 1.0
 */
void
dagsched_gtk_test_list_set_run (DagschedGtkTestList *self, DagschedRun *run)
{
  g_return_if_fail (DAGSCHED_GTK_IS_TEST_LIST (self));
  g_return_if_fail (run == NULL || DAGSCHED_IS_RUN (run));

  if (!g_set_object (&self->run, run))
    return;

  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  g_clear_object (&self->table);
  if (run != NULL)
    {
      self->table = dagsched_gtk_run_table_get (run);
      g_signal_connect_object (self->table, "changed", G_CALLBACK (dagsched_gtk_test_list_table_changed),
                               self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->table, "reset", G_CALLBACK (dagsched_gtk_test_list_table_reset), self,
                               G_CONNECT_SWAPPED);
    }
  dagsched_gtk_test_list_fill (self);
  set_selected (self, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}

/**
 * dagsched_gtk_test_list_get_selected:
 * @self: a list
 *
 * Gets [property@TestList:selected].
 *
 * Returns: (transfer none) (nullable): the test that was selected last
 *
 * Since: 1.0
 */
DagschedTest *
dagsched_gtk_test_list_get_selected (DagschedGtkTestList *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_TEST_LIST (self), NULL);

  return self->selected;
}

/**
 * dagsched_gtk_test_list_set_selected:
 * @self: a list
 * @test: (nullable): a test of the run
 *
 * Sets [property@TestList:selected]. A test of another run is none.
 *
 * Since: 1.0
 */
void
dagsched_gtk_test_list_set_selected (DagschedGtkTestList *self, DagschedTest *test)
{
  guint number = DAGSCHED_RUN_NO_TEST;

  g_return_if_fail (DAGSCHED_GTK_IS_TEST_LIST (self));
  g_return_if_fail (test == NULL || DAGSCHED_IS_TEST (test));

  if (test != NULL && self->run != NULL)
    number = dagsched_run_find_test (self->run, test);
  if (self->selected == dagsched_gtk_test_list_peek_test (self, number) &&
      dagsched_gtk_test_selection_get_focus (self->selection) == number)
    return;

  self->is_selecting = TRUE;
  dagsched_gtk_test_selection_select_only (self->selection, number);
  self->is_selecting = FALSE;
  dagsched_gtk_test_list_scroll_to (self, number);
  set_selected (self, dagsched_gtk_test_list_peek_test (self, number));
}

/**
 * dagsched_gtk_test_list_get_filter:
 * @self: a list
 *
 * Gets [property@TestList:filter].
 *
 * Returns: (transfer none): what is typed
 *
 * Since: 1.0
 */
const char *
dagsched_gtk_test_list_get_filter (DagschedGtkTestList *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_TEST_LIST (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

/**
 * dagsched_gtk_test_list_set_filter:
 * @self: a list
 * @filter: (nullable): as if it were typed; %NULL: nothing
 *
 * Sets [property@TestList:filter].
 *
 * Since: 1.0
 */
void
dagsched_gtk_test_list_set_filter (DagschedGtkTestList *self, const char *filter)
{
  g_return_if_fail (DAGSCHED_GTK_IS_TEST_LIST (self));

  if (g_strcmp0 (filter != NULL ? filter : "", dagsched_gtk_test_list_get_filter (self)) != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->entry), filter != NULL ? filter : "");
}

/**
 * dagsched_gtk_test_list_get_matches:
 * @self: a list
 *
 * Gets [property@TestList:matches].
 *
 * Returns: (transfer none) (nullable) (element-type guint32): the numbers of the tests that are shown
 *
 * Since: 1.0
 */
GArray *
dagsched_gtk_test_list_get_matches (DagschedGtkTestList *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_TEST_LIST (self), NULL);

  return self->matches;
}

/**
 * dagsched_gtk_test_list_focus_filter:
 * @self: a list
 *
 * Moves the keyboard's focus to where a filter is typed.
 *
 * Since: 1.0
 */
void
dagsched_gtk_test_list_focus_filter (DagschedGtkTestList *self)
{
  g_return_if_fail (DAGSCHED_GTK_IS_TEST_LIST (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}
