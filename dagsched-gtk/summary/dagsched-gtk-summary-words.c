/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "summary/dagsched-gtk-summary-words-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/dagsched-gtk-text-private.h"

static guint
count (const guint *n_with_look, gboolean (*belongs) (DagschedGtkLook look))
{
  guint n = 0;

  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    n += belongs (look) ? n_with_look[look] : 0;

  return n;
}

static char *
describe_failure (const guint *n_with_look)
{
  guint n_failed = count (n_with_look, dagsched_gtk_look_is_failure);
  guint n_blocked = n_with_look[DAGSCHED_GTK_LOOK_BLOCKED],
        n_cancelled = n_with_look[DAGSCHED_GTK_LOOK_CANCELLED];
  g_autofree char *failed = dagsched_gtk_text_count (n_failed);
  g_autofree char *blocked = dagsched_gtk_text_count (n_blocked);
  g_autofree char *cancelled = dagsched_gtk_text_count (n_cancelled);

  if (n_failed > 0)
    return g_strdup_printf (ngettext ("%s test failed", "%s tests failed", n_failed), failed);
  if (n_cancelled > 0)
    return g_strdup_printf (ngettext ("%s test was cancelled", "%s tests were cancelled", n_cancelled),
                            cancelled);
  if (n_blocked > 0)
    return g_strdup_printf (ngettext ("%s test was blocked", "%s tests were blocked", n_blocked), blocked);

  return g_strdup (_ ("The run failed"));
}

static char *
describe_success (const guint *n_with_look, guint n_tests)
{
  guint n_good = count (n_with_look, dagsched_gtk_look_is_success);
  g_autofree char *good = dagsched_gtk_text_count (n_good);

  if (n_tests == 0)
    return g_strdup (_ ("There was nothing to run"));
  if (n_good == 0)
    return g_strdup (_ ("No test ran"));
  if (n_good == n_tests && n_tests > 1)
    return g_strdup_printf (ngettext ("All %s test passed", "All %s tests passed", n_good), good);

  return g_strdup_printf (ngettext ("%s test passed", "%s tests passed", n_good), good);
}

char *
dagsched_gtk_summary_describe_verdict (DagschedVerdict verdict, const guint *n_with_look, guint n_tests)
{
  switch (verdict)
    {
    case DAGSCHED_VERDICT_SUCCESS:
      return describe_success (n_with_look, n_tests);
    case DAGSCHED_VERDICT_FAILURE:
      return describe_failure (n_with_look);
    case DAGSCHED_VERDICT_INCOMPLETE:
      return g_strdup (_ ("The run could not be completed"));
    case DAGSCHED_VERDICT_NONE:
    default:
      return g_strdup ("");
    }
}

DagschedGtkLook
dagsched_gtk_summary_get_verdict_look (DagschedVerdict verdict)
{
  switch (verdict)
    {
    case DAGSCHED_VERDICT_SUCCESS:
      return DAGSCHED_GTK_LOOK_PASSED;
    case DAGSCHED_VERDICT_FAILURE:
      return DAGSCHED_GTK_LOOK_FAILED;
    case DAGSCHED_VERDICT_INCOMPLETE:
    case DAGSCHED_VERDICT_NONE:
    default:
      return DAGSCHED_GTK_LOOK_ERRORED;
    }
}

char *
dagsched_gtk_summary_describe_clock (double seconds)
{
  seconds = MAX (floor (seconds), 0);
  if (seconds < 60)
    /* Translators: seconds */
    return g_strdup_printf (_ ("%d s"), (int) seconds);

  return dagsched_gtk_text_duration (seconds);
}

char *
dagsched_gtk_summary_describe_throughput (double throughput)
{
  g_autofree char *whole = NULL;

  if (throughput > 0 && throughput < 9.95)
    /* Translators: tests a second */
    return g_strdup_printf (_ ("%.1f tests/s"), throughput);

  whole = dagsched_gtk_text_count ((guint) lround (CLAMP (throughput, 0, 1e9)));
  /* Translators: tests a second */
  return g_strdup_printf (_ ("%s tests/s"), whole);
}
