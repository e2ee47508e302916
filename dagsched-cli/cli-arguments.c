/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-arguments.h"

#include <string.h>

struct _CliArguments
{
  GString *short_names;   /* of options that take a value */
  GHashTable *long_names; /* (element-type utf8) the same; static strings of the entries */
};

CliArguments *
cli_arguments_new (void)
{
  CliArguments *self = g_new0 (CliArguments, 1);

  self->short_names = g_string_new (NULL);
  self->long_names = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

void
cli_arguments_free (CliArguments *self)
{
  g_string_free (self->short_names, TRUE);
  g_hash_table_unref (self->long_names);
  g_free (self);
}

void
cli_arguments_add_entries (CliArguments *self, const GOptionEntry *entries)
{
  for (; entries->long_name != NULL; entries++)
    {
      if (entries->arg == G_OPTION_ARG_NONE)
        continue;
      if (entries->short_name != '\0')
        g_string_append_c (self->short_names, entries->short_name);
      g_hash_table_add (self->long_names, (gpointer) entries->long_name);
    }
}

/* Of "-vj4", that is where "j" is. NULL: no letter takes a value. */
static const char *
find_value_letter (CliArguments *self, const char *argument)
{
  for (const char *letter = argument + 1; *letter != '\0'; letter++)
    {
      if (strchr (self->short_names->str, *letter) != NULL)
        return letter;
    }

  return NULL;
}

/* Adds the argument, in two if need be. Whether the next one is its value, whatever it looks like. */
static gboolean
expand_one (CliArguments *self, GPtrArray *expanded, const char *argument)
{
  gboolean is_long = g_str_has_prefix (argument, "--");
  gboolean is_short = *argument == '-' && argument[1] != '\0' && !is_long;
  const char *letter = is_short ? find_value_letter (self, argument) : NULL;

  if (letter != NULL && letter[1] != '\0')
    {
      g_ptr_array_add (expanded, g_strndup (argument, (gsize) (letter + 1 - argument)));
      g_ptr_array_add (expanded, g_strdup (letter + 1));
      return FALSE;
    }

  g_ptr_array_add (expanded, g_strdup (argument));
  return letter != NULL || (is_long && g_hash_table_contains (self->long_names, argument + 2));
}

char **
cli_arguments_expand (CliArguments *self, char **argv)
{
  GPtrArray *expanded = g_ptr_array_new ();
  gboolean is_value = TRUE; /* the name of the program */
  gboolean options_ended = FALSE;

  for (; *argv != NULL; argv++)
    {
      options_ended |= !is_value && strcmp (*argv, "--") == 0;
      if (is_value || options_ended)
        {
          g_ptr_array_add (expanded, g_strdup (*argv));
          is_value = FALSE;
        }
      else
        {
          is_value = expand_one (self, expanded, *argv);
        }
    }
  g_ptr_array_add (expanded, NULL);

  return (char **) g_ptr_array_free (expanded, FALSE);
}
