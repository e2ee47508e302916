/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-replay-bar.h"

#include <glib/gi18n.h>

#include "base/dagsched-gtk-text-private.h"

/* As the items in the template. */
static const double speeds[] = { 0.1, 1, 10, 100, 1000 };

struct _MonitorReplayBar
{
  GtkWidget parent_instance;

  GtkButton *play_button;
  GtkLabel *position_label;
  GtkScale *scale;
  GtkAdjustment *position;
  GtkLabel *length_label;
  GtkDropDown *speed;

  DagschedRunLog *log; /* (nullable) */
  double moment;       /* seconds; what the log shows */
  guint tick;          /* 0: paused */
  gint64 last_frame;   /* µs */
  gboolean showing;    /* the position is set by us */
};

G_DEFINE_FINAL_TYPE (MonitorReplayBar, monitor_replay_bar, GTK_TYPE_WIDGET)

static void
show_moment (MonitorReplayBar *self)
{
  g_autofree char *text = dagsched_gtk_text_duration (self->moment);

  self->showing = TRUE;
  gtk_adjustment_set_value (self->position, self->moment);
  self->showing = FALSE;
  gtk_label_set_label (self->position_label, text);
}

/* A log goes forward only: to go back it starts anew. */
static void
go_to (MonitorReplayBar *self, double moment)
{
  double length = dagsched_run_log_get_length (self->log);

  if (moment < self->moment)
    dagsched_run_log_rewind (self->log);
  self->moment = moment;
  dagsched_run_log_advance (self->log, moment >= length ? G_MAXDOUBLE : moment);
  show_moment (self);
}

static void
show_button (MonitorReplayBar *self, const char *icon_name, const char *name)
{
  gtk_button_set_icon_name (self->play_button, icon_name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->play_button), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play_button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

static void
pause_replay (MonitorReplayBar *self)
{
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  show_button (self, "media-playback-start-symbolic", _ ("Replay"));
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  MonitorReplayBar *self = MONITOR_REPLAY_BAR (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  double passed = (now - self->last_frame) / (double) G_USEC_PER_SEC;
  double moment = self->moment + MAX (passed, 0) * speeds[gtk_drop_down_get_selected (self->speed)];

  self->last_frame = now;
  go_to (self, MIN (moment, dagsched_run_log_get_length (self->log)));
  if (self->moment >= dagsched_run_log_get_length (self->log))
    pause_replay (self);

  return G_SOURCE_CONTINUE;
}

static void
play (MonitorReplayBar *self)
{
  if (self->moment >= dagsched_run_log_get_length (self->log))
    go_to (self, 0);
  self->last_frame = g_get_monotonic_time ();
  self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
  show_button (self, "media-playback-pause-symbolic", _ ("Pause"));
}

static void
action_toggle (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MonitorReplayBar *self = MONITOR_REPLAY_BAR (widget);

  if (self->log == NULL)
    return;
  if (self->tick != 0)
    pause_replay (self);
  else
    play (self);
}

static void
on_position_changed (MonitorReplayBar *self)
{
  if (!self->showing && self->log != NULL)
    go_to (self, gtk_adjustment_get_value (self->position));
}

void
monitor_replay_bar_set_log (MonitorReplayBar *self, DagschedRunLog *log)
{
  double length = log != NULL ? dagsched_run_log_get_length (log) : 0.0;
  g_autofree char *text = dagsched_gtk_text_duration (length);

  g_return_if_fail (MONITOR_IS_REPLAY_BAR (self));

  pause_replay (self);
  g_set_object (&self->log, log);
  gtk_widget_set_visible (GTK_WIDGET (self), log != NULL);
  self->showing = TRUE;
  gtk_adjustment_configure (self->position, length, 0, length, length / 100, length / 10, 0);
  self->showing = FALSE;
  gtk_label_set_label (self->length_label, text);
  self->moment = length;
  show_moment (self);
}

static void
monitor_replay_bar_dispose (GObject *object)
{
  MonitorReplayBar *self = MONITOR_REPLAY_BAR (object);
  GtkWidget *child;

  g_clear_object (&self->log);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (monitor_replay_bar_parent_class)->dispose (object);
}

static void
monitor_replay_bar_class_init (MonitorReplayBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = monitor_replay_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/dagsched/Monitor/monitor-replay-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, MonitorReplayBar, play_button);
  gtk_widget_class_bind_template_child (widget_class, MonitorReplayBar, position_label);
  gtk_widget_class_bind_template_child (widget_class, MonitorReplayBar, scale);
  gtk_widget_class_bind_template_child (widget_class, MonitorReplayBar, position);
  gtk_widget_class_bind_template_child (widget_class, MonitorReplayBar, length_label);
  gtk_widget_class_bind_template_child (widget_class, MonitorReplayBar, speed);
  gtk_widget_class_install_action (widget_class, "replay.toggle", NULL, action_toggle);
}

static void
monitor_replay_bar_init (MonitorReplayBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->position, "value-changed", G_CALLBACK (on_position_changed), self,
                           G_CONNECT_SWAPPED);
}
