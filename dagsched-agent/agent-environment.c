/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-environment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static size_t
count (char *const *strings)
{
  size_t n_strings = 0;

  while (strings[n_strings] != NULL)
    n_strings++;

  return n_strings;
}

static bool
is_unset (const char *definition, const char **unset)
{
  size_t length = strcspn (definition, "=");

  for (; *unset != NULL; unset++)
    {
      if (strncmp (definition, *unset, length) == 0 && (*unset)[length] == '\0')
        return true;
    }

  return false;
}

/* Replaces the definition of the same name, or adds one. Returns how many there are now. */
static size_t
set (char **result, size_t n_set, const char *definition)
{
  size_t length = strcspn (definition, "=");

  for (size_t i = 0; i < n_set; i++)
    {
      if (strncmp (result[i], definition, length) == 0 && result[i][length] == '=')
        {
          result[i] = (char *) definition;
          return n_set;
        }
    }

  result[n_set] = (char *) definition;
  return n_set + 1;
}

char **
agent_environment_build (char **inherited, const char **unset, const char **own, const char **env)
{
  size_t n_all = count (inherited) + count ((char *const *) own) + count ((char *const *) env);
  char **result = calloc (n_all + 1, sizeof *result);
  size_t n_set = 0;

  if (result == NULL)
    abort ();

  for (; *inherited != NULL; inherited++)
    {
      if (!is_unset (*inherited, unset))
        result[n_set++] = *inherited;
    }
  for (; *own != NULL; own++)
    n_set = set (result, n_set, *own);
  for (; *env != NULL; env++)
    n_set = set (result, n_set, *env);
  result[n_set] = NULL;

  return result;
}
