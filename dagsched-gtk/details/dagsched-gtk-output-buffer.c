/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "details/dagsched-gtk-output-buffer-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "details/dagsched-gtk-output-styles-private.h"

#define PIECE (64 * 1024) /* bytes inserted at once: a few milliseconds */

/* Of a running attempt, which may never stop to write, up to twice as much is kept: of what a stream was given, of
 * what waits to be inserted (bytes), and of the text (characters). */
#define LIVE_KEPT (2 * DAGSCHED_GTK_OUTPUT_SHOWN)

/* What waits to be inserted. */
typedef struct
{
  GBytes *bytes; /* (nullable) of a heading */
  gsize offset;
  gboolean is_error;
  const char *heading; /* (nullable) */
} Piece;

typedef struct
{
  GPtrArray *given; /* of GBytes */
  gsize length;     /* of all that it was given */
  gsize n_kept;     /* bytes of it */
  DagschedGtkAnsi *ansi;
} Stream;

struct _DagschedGtkOutputBuffer
{
  GtkTextBuffer parent_instance;

  DagschedGtkOutputStyles *styles;
  Stream streams[2]; /* output, errors */
  GQueue pieces;
  gsize n_queued; /* bytes of them */
  guint idle_id;
  gboolean is_live;  /* it was appended to */
  gboolean is_whole; /* nothing was left out */
  guint64 n_hidden;
  GtkTextMark *line_start; /* of the line that is being written */
  gboolean is_error;       /* it is on standard error */
  GString *run;            /* to be inserted */
  GtkTextTag *run_tag;     /* (nullable) not owned: of it */
};

enum
{
  PROP_N_HIDDEN = 1,
  PROP_IS_FILLING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (DagschedGtkOutputBuffer, dagsched_gtk_output_buffer, GTK_TYPE_TEXT_BUFFER)

/* Bytes that are not inserted yet. */
static gsize
piece_get_left (const Piece *piece)
{
  return piece->bytes != NULL ? g_bytes_get_size (piece->bytes) - piece->offset : 0;
}

static void
piece_free (Piece *piece)
{
  g_clear_pointer (&piece->bytes, g_bytes_unref);
  g_free (piece);
}

/* To insert costs much more than to append: what looks alike is inserted at once. */
static void
insert_run (DagschedGtkOutputBuffer *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self);
  GtkTextTag *stream = self->is_error ? dagsched_gtk_output_styles_get_error (self->styles) : NULL;
  GtkTextIter end;

  if (self->run->len == 0)
    return;

  gtk_text_buffer_get_end_iter (buffer, &end);
  if (self->run_tag != NULL)
    gtk_text_buffer_insert_with_tags (buffer, &end, self->run->str, (int) self->run->len, self->run_tag,
                                      stream, NULL);
  else if (stream != NULL)
    gtk_text_buffer_insert_with_tags (buffer, &end, self->run->str, (int) self->run->len, stream, NULL);
  else
    gtk_text_buffer_insert (buffer, &end, self->run->str, (int) self->run->len);
  g_string_truncate (self->run, 0);
}

/* insert_run() has to follow. */
static void
add (const char *text, gsize length, const DagschedGtkAnsiStyle *style, gpointer user_data)
{
  DagschedGtkOutputBuffer *self = user_data;
  GtkTextTag *tag = dagsched_gtk_output_styles_get (self->styles, style);

  if (tag != self->run_tag)
    insert_run (self);
  self->run_tag = tag;
  g_string_append_len (self->run, text, (gssize) length);
}

static void
mark_line_start (DagschedGtkOutputBuffer *self)
{
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (GTK_TEXT_BUFFER (self), &end);
  gtk_text_buffer_move_mark (GTK_TEXT_BUFFER (self), self->line_start, &end);
}

/* The line that is being written may look otherwise with what follows. */
static void
take_line_back (DagschedGtkOutputBuffer *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_mark (GTK_TEXT_BUFFER (self), &start, self->line_start);
  gtk_text_buffer_get_end_iter (GTK_TEXT_BUFFER (self), &end);
  if (!gtk_text_iter_equal (&start, &end))
    gtk_text_buffer_delete (GTK_TEXT_BUFFER (self), &start, &end);
}

/* Something else follows: the line stays as it is. */
static void
end_line (DagschedGtkOutputBuffer *self)
{
  static const DagschedGtkAnsiStyle plain = { 0 };
  GtkTextIter end;

  take_line_back (self);
  dagsched_gtk_ansi_finish (self->streams[self->is_error].ansi, add, self);
  insert_run (self);
  gtk_text_buffer_get_end_iter (GTK_TEXT_BUFFER (self), &end);
  if (!gtk_text_iter_starts_line (&end))
    add ("\n", 1, &plain, self);
  insert_run (self);
  mark_line_start (self);
}

static void
insert_heading (DagschedGtkOutputBuffer *self, const char *heading)
{
  g_autofree char *line = g_strconcat (heading, "\n", NULL);
  GtkTextIter end;

  end_line (self);
  gtk_text_buffer_get_end_iter (GTK_TEXT_BUFFER (self), &end);
  gtk_text_buffer_insert_with_tags (GTK_TEXT_BUFFER (self), &end, line, -1,
                                    dagsched_gtk_output_styles_get_heading (self->styles), NULL);
  mark_line_start (self);
}

static const char *
get_gap_heading (void)
{
  return _ ("What came before is shown once the attempt has ended");
}

/* Lines are short: there is always one that begins there. */
static void
trim_text (DagschedGtkOutputBuffer *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self);
  g_autofree char *heading = NULL;
  int n_chars = gtk_text_buffer_get_char_count (buffer);
  GtkTextIter start, end;

  if (n_chars <= 2 * LIVE_KEPT)
    return;

  heading = g_strconcat (get_gap_heading (), "\n", NULL);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_get_iter_at_offset (buffer, &end, n_chars - LIVE_KEPT);
  gtk_text_iter_forward_line (&end);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert_with_tags (buffer, &start, heading, -1,
                                    dagsched_gtk_output_styles_get_heading (self->styles), NULL);
  self->is_whole = FALSE;
}

static void
insert_bytes (DagschedGtkOutputBuffer *self, Piece *piece)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (piece->bytes, &length);
  gsize n = MIN (length - piece->offset, PIECE);
  DagschedGtkAnsi *ansi = self->streams[piece->is_error].ansi;

  if (self->is_error != piece->is_error)
    end_line (self);
  self->is_error = piece->is_error;
  take_line_back (self);
  dagsched_gtk_ansi_feed (ansi, data + piece->offset, n, add, self);
  insert_run (self);
  mark_line_start (self);
  dagsched_gtk_ansi_peek (ansi, add, self);
  insert_run (self);
  piece->offset += n;
  self->n_queued -= n;
}

static gboolean
on_idle (gpointer user_data)
{
  DagschedGtkOutputBuffer *self = user_data;
  Piece *piece = g_queue_peek_head (&self->pieces);

  gtk_text_buffer_begin_irreversible_action (GTK_TEXT_BUFFER (self));
  if (piece->heading != NULL)
    insert_heading (self, piece->heading);
  else
    insert_bytes (self, piece);
  if (self->is_live)
    trim_text (self);
  gtk_text_buffer_end_irreversible_action (GTK_TEXT_BUFFER (self));

  if (piece_get_left (piece) == 0)
    piece_free (g_queue_pop_head (&self->pieces));
  if (!g_queue_is_empty (&self->pieces))
    return G_SOURCE_CONTINUE;

  self->idle_id = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_FILLING]);
  return G_SOURCE_REMOVE;
}

static void
queue_piece (DagschedGtkOutputBuffer *self,
             GBytes *bytes,
             gsize offset,
             gboolean is_error,
             const char *heading)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  piece->offset = offset;
  piece->is_error = is_error;
  piece->heading = heading;
  g_queue_push_tail (&self->pieces, piece);
  self->n_queued += piece_get_left (piece);
  if (self->idle_id != 0)
    return;

  self->idle_id = g_idle_add (on_idle, self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_FILLING]);
}

static void
clear_text (DagschedGtkOutputBuffer *self)
{
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_queue_clear_full (&self->pieces, (GDestroyNotify) piece_free);
  self->n_queued = 0;
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (self), "", 0);
  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&self->streams[i].ansi, dagsched_gtk_ansi_free);
      self->streams[i].ansi = dagsched_gtk_ansi_new ();
    }
  self->is_error = FALSE;
  mark_line_start (self);
}

static void
set_n_hidden (DagschedGtkOutputBuffer *self, guint64 n_hidden)
{
  if (self->n_hidden == n_hidden)
    return;

  self->n_hidden = n_hidden;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_HIDDEN]);
}

void
dagsched_gtk_output_buffer_clear (DagschedGtkOutputBuffer *self)
{
  for (guint i = 0; i < 2; i++)
    {
      g_ptr_array_set_size (self->streams[i].given, 0);
      self->streams[i].length = self->streams[i].n_kept = 0;
    }
  self->is_live = FALSE;
  self->is_whole = TRUE;
  clear_text (self);
  set_n_hidden (self, 0);
}

static void
give (DagschedGtkOutputBuffer *self, GBytes *bytes, gboolean is_error)
{
  Stream *stream = &self->streams[is_error];

  g_ptr_array_add (stream->given, g_bytes_ref (bytes));
  stream->length += g_bytes_get_size (bytes);
  stream->n_kept += g_bytes_get_size (bytes);
}

/* Where to begin so that about @wanted bytes are left: with a line, if one begins there. */
static gsize
find_start (GBytes *bytes, gsize wanted)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  const guint8 *newline;

  if (length <= wanted)
    return 0;

  newline = memchr (data + length - wanted, '\n', wanted);
  return newline != NULL && newline + 1 < data + length ? (gsize) (newline + 1 - data) : length - wanted;
}

static void
queue_stream (DagschedGtkOutputBuffer *self, gboolean is_error, gsize wanted, const char *heading)
{
  Stream *stream = &self->streams[is_error];
  guint64 n_hidden = self->n_hidden;

  if (heading != NULL)
    queue_piece (self, NULL, 0, is_error, heading);
  for (guint i = 0; i < stream->given->len; i++)
    {
      GBytes *bytes = g_ptr_array_index (stream->given, i);
      gsize start = stream->given->len == 1 ? find_start (bytes, wanted) : 0;

      n_hidden += start;
      queue_piece (self, bytes, start, is_error, NULL);
    }
  set_n_hidden (self, n_hidden);
}

static void
show (DagschedGtkOutputBuffer *self, gsize wanted)
{
  gboolean are_both = self->streams[0].length > 0 && self->streams[1].length > 0;

  clear_text (self);
  set_n_hidden (self, 0);
  queue_stream (self, FALSE, wanted, are_both ? _ ("Standard output") : NULL);
  queue_stream (self, TRUE, wanted, are_both ? _ ("Standard error") : NULL);
}

void
dagsched_gtk_output_buffer_set (DagschedGtkOutputBuffer *self, GBytes *output, GBytes *error)
{
  dagsched_gtk_output_buffer_clear (self);
  if (output != NULL && g_bytes_get_size (output) > 0)
    give (self, output, FALSE);
  if (error != NULL && g_bytes_get_size (error) > 0)
    give (self, error, TRUE);
  show (self, DAGSCHED_GTK_OUTPUT_SHOWN);
}

static void
trim_given (DagschedGtkOutputBuffer *self, Stream *stream)
{
  guint n = 0;

  if (stream->n_kept <= 2 * LIVE_KEPT)
    return;

  while (n + 1 < stream->given->len && stream->n_kept > LIVE_KEPT)
    stream->n_kept -= g_bytes_get_size (g_ptr_array_index (stream->given, n++));
  g_ptr_array_remove_range (stream->given, 0, n);
  self->is_whole = FALSE;
}

/* More is written than can be inserted. */
static void
trim_pieces (DagschedGtkOutputBuffer *self)
{
  Piece *gap;

  if (self->n_queued <= 2 * LIVE_KEPT)
    return;

  while (self->n_queued > LIVE_KEPT && self->pieces.length > 1)
    {
      Piece *piece = g_queue_pop_head (&self->pieces);

      self->n_queued -= piece_get_left (piece);
      piece_free (piece);
    }
  gap = g_new0 (Piece, 1);
  gap->heading = get_gap_heading ();
  g_queue_push_head (&self->pieces, gap);
  self->is_whole = FALSE;
}

void
dagsched_gtk_output_buffer_append (DagschedGtkOutputBuffer *self, GBytes *bytes, gboolean is_error)
{
  if (g_bytes_get_size (bytes) == 0)
    return;

  self->is_live = TRUE;
  give (self, bytes, is_error);
  trim_given (self, &self->streams[is_error]);
  queue_piece (self, bytes, 0, is_error, NULL);
  trim_pieces (self);
}

void
dagsched_gtk_output_buffer_show_all (DagschedGtkOutputBuffer *self)
{
  show (self, G_MAXSIZE);
}

guint64
dagsched_gtk_output_buffer_get_n_hidden (DagschedGtkOutputBuffer *self)
{
  return self->n_hidden;
}

gboolean
dagsched_gtk_output_buffer_is_filling (DagschedGtkOutputBuffer *self)
{
  return self->idle_id != 0;
}

gboolean
dagsched_gtk_output_buffer_is_whole (DagschedGtkOutputBuffer *self)
{
  return self->is_whole;
}

gsize
dagsched_gtk_output_buffer_get_length (DagschedGtkOutputBuffer *self, gboolean is_error)
{
  return self->streams[is_error].length;
}

GBytes *
dagsched_gtk_output_buffer_dup_bytes (DagschedGtkOutputBuffer *self)
{
  GByteArray *all = g_byte_array_new ();

  for (guint i = 0; i < 2; i++)
    {
      for (guint j = 0; j < self->streams[i].given->len; j++)
        {
          gsize length;
          const guint8 *data = g_bytes_get_data (g_ptr_array_index (self->streams[i].given, j), &length);

          g_byte_array_append (all, data, (guint) length);
        }
    }

  return g_byte_array_free_to_bytes (all);
}

char *
dagsched_gtk_output_buffer_dup_text (DagschedGtkOutputBuffer *self)
{
  g_autoptr (GBytes) bytes = dagsched_gtk_output_buffer_dup_bytes (self);
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  return dagsched_gtk_ansi_dup_plain (data, length);
}

void
dagsched_gtk_output_buffer_set_dark (DagschedGtkOutputBuffer *self, gboolean is_dark)
{
  dagsched_gtk_output_styles_set_dark (self->styles, is_dark);
}

static void
dagsched_gtk_output_buffer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DagschedGtkOutputBuffer *self = DAGSCHED_GTK_OUTPUT_BUFFER (object);

  if (id == PROP_N_HIDDEN)
    g_value_set_uint64 (value, self->n_hidden);
  else if (id == PROP_IS_FILLING)
    g_value_set_boolean (value, self->idle_id != 0);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* The table of tags is there only now. */
static void
dagsched_gtk_output_buffer_constructed (GObject *object)
{
  DagschedGtkOutputBuffer *self = DAGSCHED_GTK_OUTPUT_BUFFER (object);
  GtkTextIter end;

  G_OBJECT_CLASS (dagsched_gtk_output_buffer_parent_class)->constructed (object);

  gtk_text_buffer_set_enable_undo (GTK_TEXT_BUFFER (self), FALSE);
  self->styles = dagsched_gtk_output_styles_new (GTK_TEXT_BUFFER (self));
  gtk_text_buffer_get_end_iter (GTK_TEXT_BUFFER (self), &end);
  self->line_start = gtk_text_buffer_create_mark (GTK_TEXT_BUFFER (self), NULL, &end, TRUE);
}

static void
dagsched_gtk_output_buffer_finalize (GObject *object)
{
  DagschedGtkOutputBuffer *self = DAGSCHED_GTK_OUTPUT_BUFFER (object);

  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_queue_clear_full (&self->pieces, (GDestroyNotify) piece_free);
  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&self->streams[i].ansi, dagsched_gtk_ansi_free);
      g_clear_pointer (&self->streams[i].given, g_ptr_array_unref);
    }
  g_clear_pointer (&self->styles, dagsched_gtk_output_styles_free);
  g_string_free (self->run, TRUE);

  G_OBJECT_CLASS (dagsched_gtk_output_buffer_parent_class)->finalize (object);
}

#define FLAGS (G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

static void
dagsched_gtk_output_buffer_class_init (DagschedGtkOutputBufferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = dagsched_gtk_output_buffer_constructed;
  object_class->get_property = dagsched_gtk_output_buffer_get_property;
  object_class->finalize = dagsched_gtk_output_buffer_finalize;
  properties[PROP_N_HIDDEN] = g_param_spec_uint64 ("n-hidden", NULL, NULL, 0, G_MAXUINT64, 0, FLAGS);
  properties[PROP_IS_FILLING] = g_param_spec_boolean ("is-filling", NULL, NULL, FALSE, FLAGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_gtk_output_buffer_init (DagschedGtkOutputBuffer *self)
{
  g_queue_init (&self->pieces);
  self->is_whole = TRUE;
  self->run = g_string_new (NULL);
  for (guint i = 0; i < 2; i++)
    {
      self->streams[i].given = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
      self->streams[i].ansi = dagsched_gtk_ansi_new ();
    }
}

DagschedGtkOutputBuffer *
dagsched_gtk_output_buffer_new (void)
{
  return g_object_new (DAGSCHED_GTK_TYPE_OUTPUT_BUFFER, NULL);
}
