/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-gtk-look-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *word;
  const char *title; /* to be translated */
  const char *icon_name;
  GdkRGBA light;
  GdkRGBA dark;
} Look;

#define RGB(hex)                                                                                             \
  {                                                                                                          \
    .red = ((hex) >> 16 & 0xff) / 255.0f, .green = ((hex) >> 8 & 0xff) / 255.0f,                             \
    .blue = ((hex) &0xff) / 255.0f, .alpha = 1                                                               \
  }

#define LOOK(name, word_, title_, light_, dark_)                                                             \
  [DAGSCHED_GTK_LOOK_##name] = { .word = word_,                                                              \
                                 .title = title_,                                                            \
                                 .icon_name = "dagsched-" word_ "-symbolic",                                 \
                                 .light = RGB (light_),                                                      \
                                 .dark = RGB (dark_) }

static const Look looks[DAGSCHED_GTK_N_LOOKS] = {
  LOOK (PENDING, "pending", N_ ("Pending"), 0x949399, 0x6f6d76),
  LOOK (READY, "ready", N_ ("Ready"), 0xae7b03, 0xf5c211),
  LOOK (RUNNING, "running", N_ ("Running"), 0x1c71d8, 0x62a0ea),
  LOOK (PASSED, "passed", N_ ("Passed"), 0x26a269, 0x33d17a),
  LOOK (FAILED, "failed", N_ ("Failed"), 0xc01c28, 0xff6b72),
  LOOK (TIMED_OUT, "timed-out", N_ ("Timed out"), 0xd2540a, 0xffa348),
  LOOK (ERRORED, "errored", N_ ("Errored"), 0x9141ac, 0xdc8add),
  LOOK (SKIPPED, "skipped", N_ ("Skipped"), 0x5f8a9e, 0x8fb3c4),
  LOOK (BLOCKED, "blocked", N_ ("Blocked"), 0x865e3c, 0xcdab8f),
  LOOK (CANCELLED, "cancelled", N_ ("Cancelled"), 0x5e5c64, 0xc0bfbc),
  LOOK (EXPECTED_FAILURE, "expected-failure", N_ ("Expected failure"), 0x1a8f8f, 0x5bc8c8),
  LOOK (UNEXPECTED_PASS, "unexpected-pass", N_ ("Unexpected pass"), 0xc2408c, 0xf08fc0),
};

gboolean
dagsched_gtk_look_is_success (DagschedGtkLook look)
{
  return look == DAGSCHED_GTK_LOOK_PASSED || look == DAGSCHED_GTK_LOOK_EXPECTED_FAILURE;
}

gboolean
dagsched_gtk_look_is_failure (DagschedGtkLook look)
{
  return look == DAGSCHED_GTK_LOOK_FAILED || look == DAGSCHED_GTK_LOOK_TIMED_OUT ||
         look == DAGSCHED_GTK_LOOK_ERRORED || look == DAGSCHED_GTK_LOOK_UNEXPECTED_PASS;
}

const char *
dagsched_gtk_look_get_title (DagschedGtkLook look)
{
  g_assert (look < DAGSCHED_GTK_N_LOOKS);

  return _ (looks[look].title);
}

const char *
dagsched_gtk_look_get_word (DagschedGtkLook look)
{
  g_assert (look < DAGSCHED_GTK_N_LOOKS);

  return looks[look].word;
}

gboolean
dagsched_gtk_look_from_word (const char *word, DagschedGtkLook *look)
{
  for (guint i = 0; i < DAGSCHED_GTK_N_LOOKS; i++)
    {
      if (g_ascii_strcasecmp (word, looks[i].word) == 0)
        {
          *look = i;
          return TRUE;
        }
    }

  return FALSE;
}

const char *
dagsched_gtk_look_get_icon_name (DagschedGtkLook look)
{
  g_assert (look < DAGSCHED_GTK_N_LOOKS);

  return looks[look].icon_name;
}

const GdkRGBA *
dagsched_gtk_look_get_color (DagschedGtkLook look, gboolean dark)
{
  g_assert (look < DAGSCHED_GTK_N_LOOKS);

  return dark ? &looks[look].dark : &looks[look].light;
}
