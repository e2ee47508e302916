/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-preferences.h"

struct _MonitorPreferences
{
  AdwPreferencesWindow parent_instance;

  GtkSpinButton *workers;
  AdwComboRow *order;
  GtkSpinButton *retries;
  GtkSpinButton *timeout_multiplier;
  GtkSpinButton *output_limit;
  AdwComboRow *appearance;
  GtkSwitch *notify;
};

G_DEFINE_FINAL_TYPE (MonitorPreferences, monitor_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
monitor_preferences_class_init (MonitorPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/dagsched/Monitor/monitor-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, MonitorPreferences, workers);
  gtk_widget_class_bind_template_child (widget_class, MonitorPreferences, order);
  gtk_widget_class_bind_template_child (widget_class, MonitorPreferences, retries);
  gtk_widget_class_bind_template_child (widget_class, MonitorPreferences, timeout_multiplier);
  gtk_widget_class_bind_template_child (widget_class, MonitorPreferences, output_limit);
  gtk_widget_class_bind_template_child (widget_class, MonitorPreferences, appearance);
  gtk_widget_class_bind_template_child (widget_class, MonitorPreferences, notify);
}

static void
monitor_preferences_init (MonitorPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The items of the rows stand in the order of the enumeration in the schema. */
static gboolean
get_choice (GValue *value, GVariant *variant, gpointer data)
{
  GtkStringList *nicks = data;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (nicks)); i++)
    {
      if (g_str_equal (gtk_string_list_get_string (nicks, i), g_variant_get_string (variant, NULL)))
        {
          g_value_set_uint (value, i);
          return TRUE;
        }
    }

  return FALSE;
}

static GVariant *
set_choice (const GValue *value, const GVariantType *type, gpointer data)
{
  const char *nick = gtk_string_list_get_string (data, g_value_get_uint (value));

  return nick != NULL ? g_variant_new_string (nick) : NULL;
}

static void
bind_choice (GSettings *settings, const char *key, AdwComboRow *row)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettingsSchemaKey) schema_key = NULL;
  g_autoptr (GVariant) range = NULL;
  g_autoptr (GVariant) choices = NULL;
  g_autofree const char **nicks = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  schema_key = g_settings_schema_get_key (schema, key);
  range = g_settings_schema_key_get_range (schema_key);
  g_variant_get_child (range, 1, "v", &choices);
  nicks = g_variant_get_strv (choices, NULL);
  g_settings_bind_with_mapping (settings, key, row, "selected", G_SETTINGS_BIND_DEFAULT, get_choice,
                                set_choice, gtk_string_list_new (nicks), g_object_unref);
}

GtkWindow *
monitor_preferences_new (GSettings *settings)
{
  MonitorPreferences *self = g_object_new (MONITOR_TYPE_PREFERENCES, NULL);

  g_settings_bind (settings, "workers", self->workers, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "retries", self->retries, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "timeout-multiplier", self->timeout_multiplier, "value",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "output-limit", self->output_limit, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "notify-when-finished", self->notify, "active", G_SETTINGS_BIND_DEFAULT);
  bind_choice (settings, "order", self->order);
  bind_choice (settings, "appearance", self->appearance);

  return GTK_WINDOW (self);
}
