/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "source/dagsched-problems-private.h"

G_BEGIN_DECLS

/* Reading JSON files: safely, and with messages that say where. */

/* A place in a file. Each points to the one that it is in, on the stack of the reader: nothing is
 * spelled out until a message needs it. */
typedef struct _DagschedPlace DagschedPlace;
struct _DagschedPlace
{
  const DagschedPlace *parent; /* NULL: the file itself */
  const char *member;          /* name of the file, or of a member; NULL: an element of an array */
  guint index;                 /* of the element */
  DagschedProblems *problems;  /* only of the file */
};

#define DAGSCHED_PLACE_FILE(name, list)                                                                      \
  {                                                                                                          \
    .member = (name), .problems = (list)                                                                     \
  }
#define DAGSCHED_PLACE_MEMBER(in, name)                                                                      \
  {                                                                                                          \
    .parent = (in), .member = (name)                                                                         \
  }
#define DAGSCHED_PLACE_ELEMENT(in, number)                                                                   \
  {                                                                                                          \
    .parent = (in), .index = (number)                                                                        \
  }

char *dagsched_place_to_string (const DagschedPlace *place); /* "FILE: tests[3].depends[0]" */
void dagsched_place_add_problem (const DagschedPlace *place, const char *format, ...) G_GNUC_PRINTF (2, 3);
void dagsched_place_add_problem_code (const DagschedPlace *place, DagschedError code, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/* The root of the JSON text in @path, which is a regular file. @name is what messages call it.
 * Members that an object has twice are added to @problems. */
JsonNode *dagsched_json_load (const char *path, const char *name, DagschedProblems *problems, GError **error);
JsonNode *dagsched_json_parse (const char *text,
                               gsize length,
                               const char *name,
                               DagschedProblems *problems,
                               GError **error);

/* Each adds a problem to the file of @place and returns FALSE or NULL where @node is something else. */
gboolean dagsched_json_get_boolean (JsonNode *node, const DagschedPlace *place, gboolean *value);
gboolean dagsched_json_get_integer (JsonNode *node,
                                    const DagschedPlace *place,
                                    gint64 least,
                                    gint64 most,
                                    gint64 *value);
/* Whether it is @known, the one version of a format that is read. */
gboolean dagsched_json_check_version (JsonNode *node, const DagschedPlace *place, int known);
gboolean dagsched_json_get_seconds (JsonNode *node, const DagschedPlace *place, double *value);
const char *dagsched_json_get_string (JsonNode *node, const DagschedPlace *place, const char *what);
const char *dagsched_json_get_word (JsonNode *node, const DagschedPlace *place, const char *what);
JsonArray *dagsched_json_get_array (JsonNode *node, const DagschedPlace *place, const char *what);
JsonObject *dagsched_json_get_object (JsonNode *node, const DagschedPlace *place, const char *what);
/* Strings that are not empty; their bytes belong to @node, the array is the caller's: g_free(). */
const char **dagsched_json_get_words (JsonNode *node, const DagschedPlace *place, const char *what);

const char *dagsched_json_describe (JsonNode *node); /* "a string" */
void dagsched_json_add_mismatch (JsonNode *node, const DagschedPlace *place, const char *expected);

G_END_DECLS
