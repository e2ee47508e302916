/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-gtk-text-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* No rounding may reach the next unit: 59.96 s are 1 min 00 s, not 60.0 s. */
static char *
text_seconds (double seconds)
{
  if (seconds < 0.0009995)
    /* Translators: microseconds */
    return g_strdup_printf (_ ("%.0f µs"), seconds * 1e6);
  if (seconds < 0.9995)
    /* Translators: milliseconds */
    return g_strdup_printf (_ ("%.*f ms"), seconds < 0.00995 ? 1 : 0, seconds * 1e3);

  /* Translators: seconds */
  return g_strdup_printf (_ ("%.*f s"), seconds < 9.995 ? 2 : 1, seconds);
}

char *
dagsched_gtk_text_duration (double seconds)
{
  int whole;

  if (!(seconds > 0))
    return g_strdup_printf (_ ("%d s"), 0);
  if (seconds < 59.95)
    return text_seconds (seconds);

  whole = (int) lround (MIN (seconds, 1e9));
  if (whole < 3600)
    /* Translators: minutes and seconds */
    return g_strdup_printf (_ ("%d min %02d s"), whole / 60, whole % 60);

  /* Translators: hours and minutes */
  return g_strdup_printf (_ ("%d h %02d min"), whole / 3600, whole % 3600 / 60);
}

char *
dagsched_gtk_text_count (guint count)
{
  return g_strdup_printf ("%'u", count);
}

char *
dagsched_gtk_text_share (double share)
{
  /* Translators: a percentage */
  return g_strdup_printf (_ ("%.0f %%"), CLAMP (share, 0.0, 1.0) * 100);
}
