/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Prints one JSON object, piece by piece: of a hundred thousand tests, one at a time is in memory. What
 * can't be written ends the printing; end() tells. */
typedef struct _JsonPrinter JsonPrinter;

JsonPrinter *json_printer_new (void);
void json_printer_free (JsonPrinter *self);

void json_printer_add_int (JsonPrinter *self, const char *name, gint64 value);
/* @value NULL: null. */
void json_printer_add_string (JsonPrinter *self, const char *name, const char *value);

/* What a member or an element is built with: one object or array. */
JsonBuilder *json_printer_get_builder (JsonPrinter *self);
/* What was built becomes a member of the object. */
void json_printer_add_member (JsonPrinter *self, const char *name);

void json_printer_begin_array (JsonPrinter *self, const char *name);
/* What was built becomes an element of the array that was begun. */
void json_printer_add_element (JsonPrinter *self);
void json_printer_end_array (JsonPrinter *self);

/* FALSE: standard output can't be written; the message has been printed. */
gboolean json_printer_end (JsonPrinter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (JsonPrinter, json_printer_free)

G_END_DECLS
