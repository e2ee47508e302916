/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-options.h"

#define FRAME_US 16000
#define MEBIBYTE (G_GUINT64_CONSTANT (1) << 20)

G_STATIC_ASSERT (DAGSCHED_ORDER_AUTO == 0 && DAGSCHED_ORDER_RANDOM == 4); /* as in the schema */

gboolean
monitor_options_have_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
    source != NULL ? g_settings_schema_source_lookup (source, MONITOR_APPLICATION_ID, TRUE) : NULL;

  return schema != NULL;
}

DagschedOptions *
monitor_options_new (GSettings *settings)
{
  DagschedOptions *options = dagsched_options_new ();
  guint n_workers = g_settings_get_uint (settings, "workers");

  g_object_set (options, "n-workers", n_workers > 0 ? n_workers : g_get_num_processors (), "order",
                g_settings_get_enum (settings, "order"), "seed", (guint64) g_random_int (), "retries",
                (int) g_settings_get_uint (settings, "retries"), "timeout-multiplier",
                g_settings_get_double (settings, "timeout-multiplier"), "output-limit",
                g_settings_get_uint (settings, "output-limit") * MEBIBYTE, "notification-batch-window",
                FRAME_US, NULL);

  return options;
}
