/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

/* Needs no GTK. */
#include "details/dagsched-gtk-ansi-private.h"

/* What a test wrote, as the monitor shows it. The first byte says how it is cut up. */

static void
take (const char *text, gsize length, const DagschedGtkAnsiStyle *style, gpointer user_data)
{
  GString *out = user_data;

  g_assert_true (g_utf8_validate (text, (gssize) length, NULL));
  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    g_assert_true (!g_unichar_iscntrl (g_utf8_get_char (p)) || *p == '\n' || *p == '\t');
  g_string_append_printf (out, "<%x,%x,%x>", style->foreground, style->background, style->attributes);
  g_string_append_len (out, text, (gssize) length);
}

static GString *
show (const uint8_t *data, size_t size, guint32 seed)
{
  g_autoptr (DagschedGtkAnsi) self = dagsched_gtk_ansi_new ();
  g_autoptr (GString) peeked = g_string_new (NULL);
  GString *out = g_string_new (NULL);

  while (size > 0)
    {
      gsize length = fuzz_next_piece (&seed, size);
      g_autofree uint8_t *piece = g_memdup2 (data, length);

      dagsched_gtk_ansi_feed (self, piece, length, take, out);
      data += length;
      size -= length;
    }
  dagsched_gtk_ansi_peek (self, take, peeked);
  dagsched_gtk_ansi_finish (self, take, out);
  return out;
}

FUZZ_READER (ansi)
{
  g_autoptr (GString) whole = NULL, pieces = NULL;

  if (size == 0)
    return 0;

  whole = show (data + 1, size - 1, 0);
  pieces = show (data + 1, size - 1, 1 + data[0]);
  g_assert_cmpstr (whole->str, ==, pieces->str);
  return 0;
}
