/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-suggest-private.h"

#include <string.h>

#define MAX_LENGTH 128

/* Restricted edit distance (Damerau 1964: insert, delete, replace, swap neighbours) of bytes;
 * gives up above @limit. */
static guint
edit_distance (const char *a, const char *b, guint limit)
{
  guint rows[3][MAX_LENGTH + 1];
  gsize n = strlen (a), m = strlen (b);

  if (n > MAX_LENGTH || m > MAX_LENGTH || (n > m ? n - m : m - n) > limit)
    return limit + 1;

  for (gsize j = 0; j <= m; j++)
    rows[0][j] = j;

  for (gsize i = 1; i <= n; i++)
    {
      guint *row = rows[i % 3];
      const guint *above = rows[(i + 2) % 3];
      const guint *above2 = rows[(i + 1) % 3];
      guint least = row[0] = i;

      for (gsize j = 1; j <= m; j++)
        {
          guint d = above[j - 1] + (a[i - 1] != b[j - 1]);

          d = MIN (d, MIN (above[j], row[j - 1]) + 1);
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            d = MIN (d, above2[j - 2] + 1);
          row[j] = d;
          least = MIN (least, d);
        }
      if (least > limit)
        return limit + 1;
    }

  return rows[n % 3][m];
}

void
dagsched_suggestion_init (DagschedSuggestion *suggestion, const char *wanted)
{
  suggestion->wanted = wanted;
  suggestion->best = NULL;
  suggestion->distance = MIN (strlen (wanted) / 3 + 1, 4) + 1;
}

/* Whether @name ends with the word or words @wanted: "project / fail" is what "fail" means. */
static gboolean
ends_with_words (const char *name, const char *wanted)
{
  gsize n = strlen (name), m = strlen (wanted);

  return m > 0 && n > m && strcmp (name + n - m, wanted) == 0 && strchr ("/: ", name[n - m - 1]) != NULL;
}

void
dagsched_suggestion_offer (DagschedSuggestion *suggestion, const char *name)
{
  guint distance;

  if (suggestion->distance == 0)
    return;

  distance = ends_with_words (name, suggestion->wanted)
               ? 1
               : edit_distance (suggestion->wanted, name, suggestion->distance - 1);
  if (distance < suggestion->distance)
    {
      suggestion->distance = distance;
      suggestion->best = name;
    }
}

char *
dagsched_suggestion_dup_text (const DagschedSuggestion *suggestion)
{
  if (suggestion->best == NULL)
    return g_strdup ("");

  return g_strdup_printf (" (did you mean \"%s\"?)", suggestion->best);
}
