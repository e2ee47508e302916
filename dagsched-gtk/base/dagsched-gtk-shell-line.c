/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-gtk-shell-line-private.h"

#include <string.h>

static gboolean
is_plain (const char *word)
{
  return *word != '\0' &&
         word[strspn (word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=+,@%")] ==
           '\0';
}

static void
append_quoted (GString *line, const char *word)
{
  g_autofree char *quoted = g_shell_quote (word);

  g_string_append_printf (line, "%s%s", line->len > 0 ? " " : "", quoted);
}

static void
append_word (GString *line, const char *word)
{
  if (is_plain (word))
    g_string_append_printf (line, "%s%s", line->len > 0 ? " " : "", word);
  else
    append_quoted (line, word);
}

/* A command that looks like A=b is one only in quotation marks. */
static void
append_command (GString *line, const char *command)
{
  if (strchr (command, '=') != NULL)
    append_quoted (line, command);
  else
    append_word (line, command);
}

static void
append_environment (GString *line, const char *const *env, const char *const *unset_env)
{
  gboolean is_any = (env != NULL && env[0] != NULL) || (unset_env != NULL && unset_env[0] != NULL);

  if (!is_any)
    return;

  append_word (line, "env");
  for (; unset_env != NULL && *unset_env != NULL; unset_env++)
    {
      append_word (line, "-u");
      append_word (line, *unset_env);
    }
  for (; env != NULL && *env != NULL; env++)
    append_word (line, *env);
}

/* "cd -x" and "cd -" mean something else. */
static void
append_cd (GString *line, const char *workdir)
{
  g_autofree char *path = *workdir == '-' ? g_strconcat ("./", workdir, NULL) : g_strdup (workdir);

  append_word (line, "cd");
  append_word (line, path);
  g_string_append (line, " &&");
}

char *
dagsched_gtk_shell_line_new (const char *workdir,
                             const char *const *env,
                             const char *const *unset_env,
                             const char *const *argv)
{
  GString *line = g_string_new (NULL);

  if (workdir != NULL && *workdir != '\0')
    append_cd (line, workdir);
  append_environment (line, env, unset_env);
  for (guint i = 0; argv != NULL && argv[i] != NULL; i++)
    (i == 0 ? append_command : append_word) (line, argv[i]);

  return g_string_free (line, FALSE);
}

char *
dagsched_gtk_shell_line_of (DagschedTest *test)
{
  DagschedCommandTest *command;

  if (!DAGSCHED_IS_COMMAND_TEST (test))
    return NULL;

  command = DAGSCHED_COMMAND_TEST (test);
  return dagsched_gtk_shell_line_new (
    dagsched_command_test_get_workdir (command), dagsched_command_test_get_env (command),
    dagsched_command_test_get_unset_env (command), dagsched_command_test_get_argv (command));
}
