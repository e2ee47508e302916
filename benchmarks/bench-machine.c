/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-machine.h"

#include <dagsched.h>
#include <string.h>
#include <sys/utsname.h>

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

/* The first line that starts with FIELD, without it and the colon. */
static char *
read_cpuinfo (const char *field)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents ("/proc/cpuinfo", &text, NULL, NULL))
    return NULL;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *colon = strchr (lines[i], ':');

      if (g_str_has_prefix (lines[i], field) && colon != NULL)
        return g_strstrip (g_strdup (colon + 1));
    }

  return NULL;
}

static char *
describe_processor (const struct utsname *system)
{
  g_autofree char *model = read_cpuinfo ("model name");
  guint n_processors = g_get_num_processors ();

  return g_strdup_printf ("%s, %u %s", model != NULL ? model : system->machine, n_processors,
                          n_processors == 1 ? "core" : "cores");
}

static char *
describe_rivals (void)
{
  return g_strdup_printf ("GLib %u.%u.%u%s", glib_major_version, glib_minor_version, glib_micro_version,
#ifdef BENCH_HAVE_ONETBB
                          ", oneTBB " BENCH_ONETBB_VERSION
#else
                          ""
#endif
  );
}

static void
add (GPtrArray *pairs, const char *name, char *text)
{
  g_ptr_array_add (pairs, g_strdup (name));
  g_ptr_array_add (pairs, text);
}

char **
bench_machine_describe (void)
{
  GPtrArray *pairs = g_ptr_array_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  struct utsname system;

  uname (&system);
  add (pairs, "processor", describe_processor (&system));
  add (pairs, "kernel", g_strdup_printf ("%s %s", system.sysname, system.release));
  add (pairs, "compiler", g_strdup (COMPILER ", " BENCH_BUILD_TYPE));
  add (pairs, "beside", describe_rivals ());
  add (pairs, "version", g_strconcat ("dagsched ", dagsched_get_version (), NULL));
  add (pairs, "date", g_date_time_format (now, "%Y-%m-%d %H:%M UTC"));
  g_ptr_array_add (pairs, NULL);

  return (char **) g_ptr_array_free (pairs, FALSE);
}
