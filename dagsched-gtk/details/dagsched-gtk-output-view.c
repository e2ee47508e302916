/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "details/dagsched-gtk-output-view-private.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "details/dagsched-gtk-output-find-private.h"

struct _DagschedGtkOutputView
{
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkWidget *tools;
  GtkLabel *note;
  GtkSearchBar *find_bar;
  GtkSearchEntry *find_entry;
  GtkLabel *find_count;
  GtkWidget *hidden_bar;
  GtkLabel *hidden_label;
  GtkStack *stack;
  GtkLabel *placeholder;
  GtkScrolledWindow *scrolled;
  GtkTextView *text;
  GtkWidget *end_button;
  GtkToggleButton *find_button;
  GtkToggleButton *wrap_button;

  DagschedGtkOutputBuffer *buffer;
  DagschedGtkOutputFind *find;
  char *name;
  gboolean is_following;
  gboolean is_touched; /* by the user, since it was scrolled to its end */
  guint find_id;
};

G_DEFINE_FINAL_TYPE (DagschedGtkOutputView, dagsched_gtk_output_view, GTK_TYPE_WIDGET)

static GtkAdjustment *
get_adjustment (DagschedGtkOutputView *self)
{
  return gtk_scrolled_window_get_vadjustment (self->scrolled);
}

static gboolean
is_at_end (DagschedGtkOutputView *self)
{
  GtkAdjustment *adjustment = get_adjustment (self);

  return gtk_adjustment_get_value (adjustment) >=
         gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment) - 1;
}

static void
set_following (DagschedGtkOutputView *self, gboolean is_following)
{
  self->is_following = is_following;
  gtk_widget_set_visible (self->end_button, !is_following && !is_at_end (self));
}

static void on_scrolled (DagschedGtkOutputView *self);

static void
scroll_to_end (DagschedGtkOutputView *self)
{
  GtkAdjustment *adjustment = get_adjustment (self);

  g_signal_handlers_block_by_func (adjustment, on_scrolled, self);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  g_signal_handlers_unblock_by_func (adjustment, on_scrolled, self);
  self->is_touched = FALSE;
}

/* Whoever scrolls up wants to read; whoever scrolls to the end wants what comes. The text view moves too, while it
 * finds out how high its lines are: that is nobody's wish. */
static void
on_scrolled (DagschedGtkOutputView *self)
{
  if (self->is_following && !self->is_touched)
    scroll_to_end (self);
  else
    set_following (self, is_at_end (self));
}

static gboolean
on_event (DagschedGtkOutputView *self, GdkEvent *event)
{
  switch ((int) gdk_event_get_event_type (event))
    {
    case GDK_SCROLL:
    case GDK_KEY_PRESS:
    case GDK_BUTTON_PRESS:
    case GDK_TOUCH_BEGIN:
      self->is_touched = TRUE;
      break;
    default:
      break;
    }

  return GDK_EVENT_PROPAGATE;
}

static gboolean
on_scrollbar_moved (DagschedGtkOutputView *self)
{
  self->is_touched = TRUE;

  return GDK_EVENT_PROPAGATE;
}

static void
watch_user (DagschedGtkOutputView *self)
{
  GtkEventController *controller = gtk_event_controller_legacy_new ();
  GtkWidget *scrollbar = gtk_scrolled_window_get_vscrollbar (self->scrolled);

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "event", G_CALLBACK (on_event), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->scrolled), controller);
  g_signal_connect_object (gtk_widget_get_first_child (scrollbar), "change-value",
                           G_CALLBACK (on_scrollbar_moved), self, G_CONNECT_SWAPPED);
}

static void
on_height_changed (DagschedGtkOutputView *self)
{
  if (self->is_following)
    scroll_to_end (self);
  else
    gtk_widget_set_visible (self->end_button, !is_at_end (self));
}

static void
update_find_count (DagschedGtkOutputView *self)
{
  guint n = dagsched_gtk_output_find_get_n_matches (self->find);
  g_autofree char *text = NULL;

  if (*gtk_editable_get_text (GTK_EDITABLE (self->find_entry)) == '\0')
    text = g_strdup ("");
  else if (n == 0)
    text = g_strdup (_ ("Nothing"));
  else
    /* Translators: which match, of how many, and "+" if there may be more */
    text = g_strdup_printf (_ ("%u of %u%s"), dagsched_gtk_output_find_get_current (self->find) + 1, n,
                            n == DAGSCHED_GTK_OUTPUT_FIND_MAX ? "+" : "");
  gtk_label_set_text (self->find_count, text);
}

static void
show_match (DagschedGtkOutputView *self)
{
  GtkTextIter iter;

  update_find_count (self);
  if (!dagsched_gtk_output_find_get_iter (self->find, &iter))
    return;

  set_following (self, FALSE);
  gtk_text_buffer_place_cursor (GTK_TEXT_BUFFER (self->buffer), &iter);
  gtk_text_view_scroll_to_mark (self->text, gtk_text_buffer_get_insert (GTK_TEXT_BUFFER (self->buffer)), 0.1,
                                FALSE, 0, 0);
}

static void
search (DagschedGtkOutputView *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter cursor;

  gtk_text_buffer_get_iter_at_mark (buffer, &cursor, gtk_text_buffer_get_insert (buffer));
  dagsched_gtk_output_find_search (self->find, gtk_editable_get_text (GTK_EDITABLE (self->find_entry)),
                                   gtk_text_iter_get_offset (&cursor));
}

static void
on_find_changed (DagschedGtkOutputView *self)
{
  search (self);
  show_match (self);
}

static void
on_find_next (DagschedGtkOutputView *self)
{
  dagsched_gtk_output_find_move (self->find, 1);
  show_match (self);
}

static void
on_find_previous (DagschedGtkOutputView *self)
{
  dagsched_gtk_output_find_move (self->find, -1);
  show_match (self);
}

static void
on_find_toggled (DagschedGtkOutputView *self)
{
  if (gtk_search_bar_get_search_mode (self->find_bar))
    gtk_widget_grab_focus (GTK_WIDGET (self->find_entry));
  else
    gtk_editable_set_text (GTK_EDITABLE (self->find_entry), "");
}

/* New text has new matches; looking for them once is enough for all that came. */
static gboolean
on_find_due (gpointer user_data)
{
  DagschedGtkOutputView *self = user_data;

  self->find_id = 0;
  search (self);
  update_find_count (self);
  return G_SOURCE_REMOVE;
}

static void
update_note (DagschedGtkOutputView *self)
{
  gsize length = dagsched_gtk_output_buffer_get_length (self->buffer, FALSE) +
                 dagsched_gtk_output_buffer_get_length (self->buffer, TRUE);
  g_autofree char *text = length > 0 ? g_format_size (length) : g_strdup ("");

  gtk_label_set_text (self->note, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->note), NULL);
  gtk_widget_set_visible (self->tools, length > 0);
  gtk_stack_set_visible_child_name (self->stack, length > 0 ? "text" : "nothing");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "output.copy-all", length > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "output.save", length > 0);
}

static void
on_text_changed (DagschedGtkOutputView *self)
{
  if (self->find_id == 0 && gtk_search_bar_get_search_mode (self->find_bar) &&
      *gtk_editable_get_text (GTK_EDITABLE (self->find_entry)) != '\0')
    self->find_id = g_idle_add_full (G_PRIORITY_LOW, on_find_due, self, NULL);
}

static void
on_hidden_changed (DagschedGtkOutputView *self)
{
  guint64 n_hidden = dagsched_gtk_output_buffer_get_n_hidden (self->buffer);
  g_autofree char *size = g_format_size (n_hidden);
  /* Translators: an amount, such as 15 MB */
  g_autofree char *text = g_strdup_printf (_ ("%s before this are not shown."), size);

  gtk_label_set_text (self->hidden_label, text);
  gtk_widget_set_visible (self->hidden_bar, n_hidden > 0);
}

static void
on_wrap_toggled (DagschedGtkOutputView *self)
{
  gtk_text_view_set_wrap_mode (
    self->text, gtk_toggle_button_get_active (self->wrap_button) ? GTK_WRAP_WORD_CHAR : GTK_WRAP_NONE);
}

static void
on_dark_changed (DagschedGtkOutputView *self, GParamSpec *pspec, AdwStyleManager *manager)
{
  dagsched_gtk_output_buffer_set_dark (self->buffer, adw_style_manager_get_dark (manager));
}

static void
say_problem (DagschedGtkOutputView *self, const char *problem)
{
  gtk_label_set_text (self->note, problem);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->note), problem);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DagschedGtkOutputView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    return;

  problem = g_strdup_printf (_ ("Not saved: %s"), error->message);
  say_problem (self, problem);
}

static void
on_save_chosen (GtkNativeDialog *dialog, int response, DagschedGtkOutputView *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autoptr (GBytes) bytes = NULL;

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    {
      bytes = dagsched_gtk_output_buffer_dup_bytes (self->buffer);
      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, on_saved,
                                           g_object_ref (self));
    }
  g_object_unref (dialog);
}

static void
save (GtkWidget *widget, const char *action, GVariant *parameter)
{
  DagschedGtkOutputView *self = DAGSCHED_GTK_OUTPUT_VIEW (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (_ ("Save Output"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                 GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  g_autofree char *safe =
    g_strdelimit (g_strdup (self->name != NULL ? self->name : _ ("output")), "/\\\n", '-');
  g_autofree char *file_name = g_strconcat (safe, ".log", NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), file_name);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_save_chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
copy_all (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *text = dagsched_gtk_output_buffer_dup_text (DAGSCHED_GTK_OUTPUT_VIEW (widget)->buffer);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
show_all (GtkWidget *widget, const char *action, GVariant *parameter)
{
  DagschedGtkOutputView *self = DAGSCHED_GTK_OUTPUT_VIEW (widget);

  set_following (self, FALSE);
  dagsched_gtk_output_buffer_show_all (self->buffer);
}

static void
follow (GtkWidget *widget, const char *action, GVariant *parameter)
{
  DagschedGtkOutputView *self = DAGSCHED_GTK_OUTPUT_VIEW (widget);

  scroll_to_end (self);
  set_following (self, TRUE);
}

static void
find (GtkWidget *widget, const char *action, GVariant *parameter)
{
  DagschedGtkOutputView *self = DAGSCHED_GTK_OUTPUT_VIEW (widget);

  gtk_search_bar_set_search_mode (self->find_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->find_entry));
}

void
dagsched_gtk_output_view_set (DagschedGtkOutputView *self,
                              const char *name,
                              GBytes *output,
                              GBytes *error,
                              gboolean at_end)
{
  g_free (self->name);
  self->name = g_strdup (name);
  dagsched_gtk_output_buffer_set (self->buffer, output, error);
  set_following (self, at_end);
  update_note (self);
}

void
dagsched_gtk_output_view_clear (DagschedGtkOutputView *self, const char *name)
{
  g_free (self->name);
  self->name = g_strdup (name);
  dagsched_gtk_output_buffer_clear (self->buffer);
  set_following (self, TRUE);
  update_note (self);
}

void
dagsched_gtk_output_view_append (DagschedGtkOutputView *self, GBytes *bytes, gboolean is_error)
{
  dagsched_gtk_output_buffer_append (self->buffer, bytes, is_error);
  update_note (self);
}

void
dagsched_gtk_output_view_set_placeholder (DagschedGtkOutputView *self, const char *text)
{
  gtk_label_set_text (self->placeholder, text);
}

DagschedGtkOutputBuffer *
dagsched_gtk_output_view_get_buffer (DagschedGtkOutputView *self)
{
  return self->buffer;
}

static void
dagsched_gtk_output_view_dispose (GObject *object)
{
  DagschedGtkOutputView *self = DAGSCHED_GTK_OUTPUT_VIEW (object);

  g_clear_handle_id (&self->find_id, g_source_remove);
  if (self->buffer != NULL)
    g_signal_handlers_disconnect_by_data (self->buffer, self);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_pointer (&self->find, dagsched_gtk_output_find_free);
  g_clear_object (&self->buffer);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (dagsched_gtk_output_view_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dagsched/gtk/details/dagsched-gtk-output-view.ui");
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, content);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, tools);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, note);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, find_bar);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, find_entry);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, find_count);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, hidden_bar);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, hidden_label);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, stack);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, placeholder);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, text);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, end_button);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, find_button);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkOutputView, wrap_button);
  gtk_widget_class_bind_template_callback (widget_class, on_wrap_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_find_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_find_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_find_next);
  gtk_widget_class_bind_template_callback (widget_class, on_find_previous);
}

static void
dagsched_gtk_output_view_class_init (DagschedGtkOutputViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_output_view_dispose;
  bind_template (widget_class);
  gtk_widget_class_set_css_name (widget_class, "outputview");
  gtk_widget_class_install_action (widget_class, "output.copy-all", NULL, copy_all);
  gtk_widget_class_install_action (widget_class, "output.save", NULL, save);
  gtk_widget_class_install_action (widget_class, "output.show-all", NULL, show_all);
  gtk_widget_class_install_action (widget_class, "output.follow", NULL, follow);
  gtk_widget_class_install_action (widget_class, "output.find", NULL, find);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "output.find", NULL);
}

static void
dagsched_gtk_output_view_init (DagschedGtkOutputView *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->is_following = TRUE;
  self->buffer = dagsched_gtk_output_buffer_new ();
  self->find = dagsched_gtk_output_find_new (GTK_TEXT_BUFFER (self->buffer));
  gtk_text_view_set_buffer (self->text, GTK_TEXT_BUFFER (self->buffer));
  gtk_search_bar_connect_entry (self->find_bar, GTK_EDITABLE (self->find_entry));

  g_signal_connect_object (self->buffer, "changed", G_CALLBACK (on_text_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->buffer, "notify::n-hidden", G_CALLBACK (on_hidden_changed), self,
                           G_CONNECT_SWAPPED);
  watch_user (self);
  g_signal_connect_object (get_adjustment (self), "value-changed", G_CALLBACK (on_scrolled), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (get_adjustment (self), "changed", G_CALLBACK (on_height_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (on_dark_changed), self, G_CONNECT_SWAPPED);
  on_dark_changed (self, NULL, manager);
  update_note (self);
}
