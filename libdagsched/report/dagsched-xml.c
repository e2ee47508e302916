/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-xml-private.h"

#include <string.h>

#include "base/dagsched-text-private.h"

#define PIECE_SIZE (16 * 1024)

/* Production 2 of XML 1.0: Char. */
static gboolean
is_char (gunichar c)
{
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) ||
         (c >= 0x10000 && c <= 0x10ffff);
}

static void
append_legal (GString *out, const char *text, gsize length)
{
  while (length > 0)
    {
      gunichar c = *text == '\0' ? 0 : g_utf8_get_char_validated (text, length);
      gsize n = 1;

      if (c < 0x20 && !is_char (c))
        g_string_append_unichar (out, 0x2400 + c);
      else if (c == (gunichar) -1 || c == (gunichar) -2)
        g_string_append_unichar (out, 0xfffd);
      else
        {
          g_string_append_unichar (out, is_char (c) ? c : 0xfffd);
          n = g_utf8_skip[*(const guchar *) text];
        }
      text += n;
      length -= n;
    }
}

/* A piece of at most PIECE_SIZE that does not end within a character, if @text is UTF-8 there. */
static gsize
get_piece (const char *text, gsize length)
{
  gsize n = MIN (length, PIECE_SIZE);

  if (n < length)
    {
      for (guint i = 0; i < 3 && ((guchar) text[n] & 0xc0) == 0x80; i++)
        n--;
    }

  return n;
}

void
dagsched_xml_write_text (DagschedSink *sink, const char *text, gssize length)
{
  g_autoptr (GString) legal = g_string_sized_new (256);
  gsize left = length < 0 ? strlen (text) : (gsize) length;

  while (left > 0)
    {
      g_autofree char *escaped = NULL;
      gsize n = get_piece (text, left);

      g_string_truncate (legal, 0);
      append_legal (legal, text, n);
      escaped = g_markup_escape_text (legal->str, legal->len);
      dagsched_sink_write_string (sink, escaped);
      text += n;
      left -= n;
    }
}

/* White space in attributes would come back as blanks. */
void
dagsched_xml_write_attribute (DagschedSink *sink, const char *name, const char *value)
{
  if (value == NULL)
    return;

  dagsched_sink_write_string (sink, " ");
  dagsched_sink_write_string (sink, name);
  dagsched_sink_write_string (sink, "=\"");
  while (*value != '\0')
    {
      gsize n = strcspn (value, "\n\r\t");

      dagsched_xml_write_text (sink, value, n);
      value += n;
      if (*value != '\0')
        {
          g_autofree char *reference = g_strdup_printf ("&#%d;", *value++);

          dagsched_sink_write_string (sink, reference);
        }
    }
  dagsched_sink_write_string (sink, "\"");
}

void
dagsched_xml_write_uint (DagschedSink *sink, const char *name, guint value)
{
  char text[16];

  g_snprintf (text, sizeof text, "%u", value);
  dagsched_xml_write_attribute (sink, name, text);
}

void
dagsched_xml_write_seconds (DagschedSink *sink, const char *name, double seconds)
{
  g_autoptr (GString) text = g_string_new (NULL);

  dagsched_text_append_seconds (text, seconds, 3);
  dagsched_xml_write_attribute (sink, name, text->str);
}
