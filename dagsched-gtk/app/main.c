/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <locale.h>

#include "monitor-application.h"
#include "monitor-options.h"

#define EXIT_USAGE 2

int
main (int argc, char *argv[])
{
  g_autoptr (MonitorApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, DAGSCHED_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name (_ ("Test Monitor"));

  if (!monitor_options_have_settings ())
    {
      g_printerr ("dagsched-gtk: the schema of the settings, %s.gschema.xml, is not installed: install the "
                  "program, or set GSETTINGS_SCHEMA_DIR to the folder data/ of its build\n",
                  MONITOR_APPLICATION_ID);
      return EXIT_USAGE;
    }

  application = monitor_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
