/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-value.h"

#include <math.h>
#include <string.h>

#include "base/dagsched-suggest-private.h"

#define LEAST_SIZE 1024
#define GREATEST_SIZE (G_GUINT64_CONSTANT (1) << 40)

static gboolean
refuse (const char *option, const char *value, const char *takes, GError **error)
{
  g_autofree char *shown = g_utf8_make_valid (value, -1);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s takes %s, not \"%s\"", option, takes,
               shown);
  return FALSE;
}

gboolean
cli_value_parse_uint (const char *option,
                      const char *value,
                      guint64 minimum,
                      guint64 maximum,
                      guint64 *result,
                      GError **error)
{
  g_autofree char *takes = NULL;

  if (g_ascii_string_to_unsigned (value, 10, minimum, maximum, result, NULL))
    return TRUE;

  if (maximum == G_MAXUINT64)
    takes = g_strdup_printf ("a whole number from %" G_GUINT64_FORMAT " on", minimum);
  else
    takes =
      g_strdup_printf ("a whole number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, minimum, maximum);
  return refuse (option, value, takes, error);
}

gboolean
cli_value_parse_double (const char *option,
                        const char *value,
                        double minimum,
                        double maximum,
                        double *result,
                        GError **error)
{
  g_autofree char *takes = NULL;
  char *end;
  double number = g_ascii_strtod (value, &end);
  gboolean plain = g_ascii_isdigit (*value) || *value == '.';

  if (plain && end != value && *end == '\0' && isfinite (number) && number >= minimum && number <= maximum)
    {
      *result = number;
      return TRUE;
    }

  takes = g_strdup_printf ("a number from %.10g to %.10g", minimum, maximum);
  return refuse (option, value, takes, error);
}

gboolean
cli_value_parse_size (const char *option, const char *value, guint64 *result, GError **error)
{
  const char *takes = "a size from 1K to 1024G, such as 512K, 16M or 1G";
  static const char units[] = "KMG";
  gsize length = strlen (value);
  g_autofree char *digits = g_strdup (value);
  guint shift = 0;
  guint64 number;

  if (length > 1 && strchr (units, g_ascii_toupper (value[length - 1])) != NULL)
    {
      shift = 10 * (guint) (strchr (units, g_ascii_toupper (value[length - 1])) - units + 1);
      digits[length - 1] = '\0';
    }

  if (!g_ascii_string_to_unsigned (digits, 10, 1, GREATEST_SIZE >> shift, &number, NULL) ||
      (number << shift) < LEAST_SIZE)
    return refuse (option, value, takes, error);

  *result = number << shift;
  return TRUE;
}

gboolean
cli_value_parse_choice (const char *option,
                        const char *value,
                        const char *const *choices,
                        guint *result,
                        GError **error)
{
  g_autoptr (GString) message = g_string_new (NULL);
  g_autofree char *shown = g_utf8_make_valid (value, -1);
  g_autofree char *hint = NULL;
  DagschedSuggestion suggestion;

  dagsched_suggestion_init (&suggestion, shown);
  for (guint i = 0; choices[i] != NULL; i++)
    {
      if (strcmp (choices[i], value) == 0)
        {
          *result = i;
          return TRUE;
        }
      dagsched_suggestion_offer (&suggestion, choices[i]);
      g_string_append_printf (message, "%s%s", i == 0 ? "" : (choices[i + 1] == NULL ? " or " : ", "),
                              choices[i]);
    }

  hint = dagsched_suggestion_dup_text (&suggestion);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s takes %s, not \"%s\"%s", option,
               message->str, shown, hint);
  return FALSE;
}

gboolean
cli_value_check_utf8 (const char *option, const char *value, GError **error)
{
  if (g_utf8_validate (value, -1, NULL))
    return TRUE;

  return refuse (option, value, "valid UTF-8", error);
}
