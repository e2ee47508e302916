/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/dagsched-meson-private.h"

struct _DagschedMesonEnvironment
{
  char **caller;
  GRand *random;
};

/* meson evaluates an environment against an empty one before it exports it: what was to be prepended
 * to one of these arrives as if it were to replace it. */
static const char *const path_lists[] = {
  "PATH",
  "LD_LIBRARY_PATH",
  "DYLD_LIBRARY_PATH",
  "XDG_DATA_DIRS",
  "XDG_CONFIG_DIRS",
  "GI_TYPELIB_PATH",
  "GIO_EXTRA_MODULES",
  "GST_PLUGIN_PATH",
  "GST_PLUGIN_PATH_1_0",
  "GTK_PATH",
  "PKG_CONFIG_PATH",
  "PYTHONPATH",
  "PERL5LIB",
  "MANPATH",
  "QT_PLUGIN_PATH",
  "QML2_IMPORT_PATH",
};

/* As `meson test` has them, so that a finding of a sanitizer is a failure. */
static const char *const sanitizer_options[][2] = {
  { "ASAN_OPTIONS", "halt_on_error=1:abort_on_error=1:print_summary=1" },
  { "UBSAN_OPTIONS", "halt_on_error=1:abort_on_error=1:print_summary=1:print_stacktrace=1" },
  { "MSAN_OPTIONS", "halt_on_error=1:abort_on_error=1:print_summary=1:print_stacktrace=1" },
  { "TSAN_OPTIONS", "halt_on_error=1:abort_on_error=1:print_summary=1" },
};

DagschedMesonEnvironment *
dagsched_meson_environment_new (char **caller, guint32 seed)
{
  DagschedMesonEnvironment *self = g_new0 (DagschedMesonEnvironment, 1);

  self->caller = caller;
  self->random = g_rand_new_with_seed (seed);

  return self;
}

void
dagsched_meson_environment_free (DagschedMesonEnvironment *self)
{
  g_strfreev (self->caller);
  g_rand_free (self->random);
  g_free (self);
}

static gboolean
is_set (char **env, const char *name)
{
  const char *value = g_environ_getenv (env, name);

  return value != NULL && *value != '\0';
}

static char **
prepend_to_lists (const DagschedMesonEnvironment *self, char **env)
{
  for (guint i = 0; i < G_N_ELEMENTS (path_lists); i++)
    {
      const char *value = g_environ_getenv (env, path_lists[i]);
      g_autofree char *joined = NULL;

      if (value == NULL || !is_set (self->caller, path_lists[i]))
        continue;
      joined = g_strconcat (value, *value != '\0' ? G_SEARCHPATH_SEPARATOR_S : "",
                            g_environ_getenv (self->caller, path_lists[i]), NULL);
      env = g_environ_setenv (env, path_lists[i], joined, TRUE);
    }

  return env;
}

char **
dagsched_meson_environment_complete (DagschedMesonEnvironment *self, char **env)
{
  /* Drawn for every test, so that a seed gives each the same value whatever the others set. */
  int perturb = g_rand_int_range (self->random, 1, 256);

  env = prepend_to_lists (self, env);

  if (!is_set (env, "MALLOC_PERTURB_") && !is_set (self->caller, "MALLOC_PERTURB_"))
    {
      g_autofree char *value = g_strdup_printf ("%d", perturb);

      env = g_environ_setenv (env, "MALLOC_PERTURB_", value, TRUE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (sanitizer_options); i++)
    {
      if (!is_set (env, sanitizer_options[i][0]) && !is_set (self->caller, sanitizer_options[i][0]))
        env = g_environ_setenv (env, sanitizer_options[i][0], sanitizer_options[i][1], TRUE);
    }

  return g_environ_setenv (env, "MESON_TEST_ITERATION", "1", FALSE);
}
