/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "json-printer.h"

#include "cli-output.h"

#define CHUNK_SIZE 65536

struct _JsonPrinter
{
  JsonBuilder *builder;
  JsonGenerator *generator;
  GString *piece; /* what the generator made of a value */
  GString *chunk; /* what is still to be written */
  gboolean in_array;
  gboolean is_first; /* no member, or no element of the array, was printed yet */
  gboolean failed;
};

JsonPrinter *
json_printer_new (void)
{
  JsonPrinter *self = g_new0 (JsonPrinter, 1);

  self->builder = json_builder_new ();
  self->generator = json_generator_new ();
  json_generator_set_pretty (self->generator, TRUE);
  self->piece = g_string_new (NULL);
  self->chunk = g_string_new ("{");
  self->is_first = TRUE;

  return self;
}

void
json_printer_free (JsonPrinter *self)
{
  g_object_unref (self->builder);
  g_object_unref (self->generator);
  g_string_free (self->piece, TRUE);
  g_string_free (self->chunk, TRUE);
  g_free (self);
}

JsonBuilder *
json_printer_get_builder (JsonPrinter *self)
{
  return self->builder;
}

static void
flush (JsonPrinter *self)
{
  if (!self->failed)
    self->failed = !cli_output_print (self->chunk->str, self->chunk->len);
  g_string_truncate (self->chunk, 0);
}

static void
begin_line (JsonPrinter *self)
{
  g_string_append (self->chunk, self->is_first ? "\n" : ",\n");
  g_string_append (self->chunk, self->in_array ? "    " : "  ");
  self->is_first = FALSE;
}

static void
append_name (JsonPrinter *self, const char *name)
{
  begin_line (self);
  g_string_append_printf (self->chunk, "\"%s\" : ", name);
}

/* Strings hold no newlines that are not escaped: each one begins a line. */
static void
append_node (JsonPrinter *self, JsonNode *root)
{
  json_generator_set_root (self->generator, root);
  g_string_truncate (self->piece, 0);
  json_generator_to_gstring (self->generator, self->piece);
  for (const char *c = self->piece->str; *c != '\0'; c++)
    {
      g_string_append_c (self->chunk, *c);
      if (*c == '\n')
        g_string_append (self->chunk, self->in_array ? "    " : "  ");
    }
  if (self->chunk->len >= CHUNK_SIZE)
    flush (self);
}

static void
append_built (JsonPrinter *self)
{
  g_autoptr (JsonNode) root = json_builder_get_root (self->builder);

  append_node (self, root);
  json_builder_reset (self->builder);
}

void
json_printer_add_int (JsonPrinter *self, const char *name, gint64 value)
{
  g_autoptr (JsonNode) node = json_node_init_int (json_node_alloc (), value);

  append_name (self, name);
  append_node (self, node);
}

void
json_printer_add_string (JsonPrinter *self, const char *name, const char *value)
{
  g_autoptr (JsonNode) node = json_node_alloc ();

  append_name (self, name);
  append_node (self, value != NULL ? json_node_init_string (node, value) : json_node_init_null (node));
}

void
json_printer_add_member (JsonPrinter *self, const char *name)
{
  append_name (self, name);
  append_built (self);
}

void
json_printer_begin_array (JsonPrinter *self, const char *name)
{
  append_name (self, name);
  g_string_append_c (self->chunk, '[');
  self->in_array = TRUE;
  self->is_first = TRUE;
}

void
json_printer_add_element (JsonPrinter *self)
{
  begin_line (self);
  append_built (self);
}

void
json_printer_end_array (JsonPrinter *self)
{
  g_string_append (self->chunk, self->is_first ? "]" : "\n  ]");
  self->in_array = FALSE;
  self->is_first = FALSE;
}

gboolean
json_printer_end (JsonPrinter *self)
{
  g_string_append (self->chunk, "\n}\n");
  flush (self);

  return !self->failed;
}
