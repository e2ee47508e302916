/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/dagsched-json-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/dagsched-json-guard-private.h"

/* The parser's tree is some fourteen times as large as its text. */
#define MAX_FILE_SIZE ((goffset) 1 << 30)
/* Some thirty years: executors count nanoseconds in 64 bits. */
#define MAX_SECONDS 1e9

static gboolean
is_plain_member (const char *name)
{
  if (!g_ascii_isalpha (*name) && *name != '$')
    return FALSE;
  for (name++; *name != '\0'; name++)
    {
      if (!g_ascii_isalnum (*name) && *name != '-' && *name != '_')
        return FALSE;
    }

  return TRUE;
}

static void
append_place (GString *text, const DagschedPlace *place)
{
  if (place->parent == NULL)
    {
      g_string_append (text, place->member);
      return;
    }

  append_place (text, place->parent);
  if (place->parent->parent == NULL)
    g_string_append (text, ": ");

  if (place->member == NULL)
    g_string_append_printf (text, "[%u]", place->index);
  else if (!is_plain_member (place->member))
    g_string_append_printf (text, "[\"%s\"]", place->member);
  else if (place->parent->parent == NULL)
    g_string_append (text, place->member);
  else
    g_string_append_printf (text, ".%s", place->member);
}

char *
dagsched_place_to_string (const DagschedPlace *place)
{
  GString *text = g_string_new (NULL);

  append_place (text, place);

  return g_string_free (text, FALSE);
}

G_GNUC_PRINTF (3, 0)
static void
add_problem (const DagschedPlace *place, DagschedError code, const char *format, va_list args)
{
  g_autofree char *where = dagsched_place_to_string (place);
  g_autofree char *message = g_strdup_vprintf (format, args);

  while (place->parent != NULL)
    place = place->parent;
  dagsched_problems_add (place->problems, code, "%s: %s", where, message);
}

void
dagsched_place_add_problem (const DagschedPlace *place, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  add_problem (place, DAGSCHED_ERROR_PARSE, format, args);
  va_end (args);
}

void
dagsched_place_add_problem_code (const DagschedPlace *place, DagschedError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  add_problem (place, code, format, args);
  va_end (args);
}

static gboolean
set_file_error (GError **error, const char *name, int saved_errno)
{
  g_set_error (error, DAGSCHED_ERROR, saved_errno == ENOENT ? DAGSCHED_ERROR_NOT_FOUND : DAGSCHED_ERROR_PARSE,
               "%s: can't be read: %s", name, g_strerror (saved_errno));

  return FALSE;
}

static gboolean
check_file (const char *name, int fd, goffset *size, GError **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0)
    return set_file_error (error, name, errno);

  if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE, "%s: is not a regular file", name);
      return FALSE;
    }
  if (info.st_size > MAX_FILE_SIZE)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE,
                   "%s: is larger than 1 GiB: split it, and name the parts in \"include\"", name);
      return FALSE;
    }
  *size = info.st_size;

  return TRUE;
}

/* Reads, and does not map: a file that someone else truncates must not kill us. */
static char *
read_file (const char *path, const char *name, gsize *length, GError **error)
{
  int fd = TEMP_FAILURE_RETRY (open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  g_autofree char *text = NULL;
  goffset size;
  gssize n = 1;

  if (fd < 0)
    {
      set_file_error (error, name, errno);
      return NULL;
    }
  if (!check_file (name, fd, &size, error))
    {
      close (fd);
      return NULL;
    }

  text = g_try_malloc (size + 1);
  for (*length = 0; text != NULL && n != 0 && *length < (gsize) size;)
    {
      n = read (fd, text + *length, size - *length);
      if (n < 0 && errno != EINTR)
        break;
      *length += MAX (n, 0);
    }
  if (text == NULL || n < 0)
    {
      set_file_error (error, name, text == NULL ? ENOMEM : errno);
      close (fd);
      return NULL;
    }
  close (fd);
  text[*length] = '\0';

  return g_steal_pointer (&text);
}

/* The parser calls the text "<data>" and some of its messages begin with its place, too. */
static void
set_parser_error (GError **error, const char *name, JsonParser *parser, const GError *cause)
{
  const char *message = cause->message;

  if (g_str_has_prefix (message, "<data>:"))
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE, "%s:%s", name, message + strlen ("<data>:"));
  else
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE, "%s:%u:%u: %s", name,
                 json_parser_get_current_line (parser), json_parser_get_current_pos (parser), message);
}

JsonNode *
dagsched_json_parse (const char *text,
                     gsize length,
                     const char *name,
                     DagschedProblems *problems,
                     GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) cause = NULL;
  JsonNode *root;

  if (length > 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      length -= 3;
    }
  if (strspn (text, " \t\r\n") == length)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE, "%s: the file is empty", name);
      return NULL;
    }
  if (!dagsched_json_guard_check (name, text, length, problems, error))
    return NULL;
  if (!json_parser_load_from_data (parser, text, length, &cause))
    {
      set_parser_error (error, name, parser, cause);
      return NULL;
    }

  root = json_parser_steal_root (parser);
  if (root == NULL)
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE, "%s: the file is empty", name);

  return root;
}

JsonNode *
dagsched_json_load (const char *path, const char *name, DagschedProblems *problems, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;

  text = read_file (path, name, &length, error);
  if (text == NULL)
    return NULL;

  return dagsched_json_parse (text, length, name, problems, error);
}

const char *
dagsched_json_describe (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return "an object";
  if (JSON_NODE_HOLDS_ARRAY (node))
    return "an array";
  if (JSON_NODE_HOLDS_NULL (node))
    return "null";

  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return "a string";
    case G_TYPE_BOOLEAN:
      return json_node_get_boolean (node) ? "true" : "false";
    default:
      return "a number";
    }
}

void
dagsched_json_add_mismatch (JsonNode *node, const DagschedPlace *place, const char *expected)
{
  dagsched_place_add_problem (place, "expected %s, found %s", expected, dagsched_json_describe (node));
}

static gboolean
holds (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

gboolean
dagsched_json_get_boolean (JsonNode *node, const DagschedPlace *place, gboolean *value)
{
  if (!holds (node, G_TYPE_BOOLEAN))
    {
      dagsched_json_add_mismatch (node, place, "true or false");
      return FALSE;
    }
  *value = json_node_get_boolean (node);

  return TRUE;
}

/* 2.0 and 2e3 are integers to JSON Schema, and so to us. */
static gboolean
get_integral (JsonNode *node, gint64 *value)
{
  double number;

  if (holds (node, G_TYPE_INT64))
    {
      *value = json_node_get_int (node);
      return TRUE;
    }
  if (!holds (node, G_TYPE_DOUBLE))
    return FALSE;

  number = json_node_get_double (node);
  if (!(fabs (number) < 1e18) || number != floor (number))
    return FALSE;
  *value = (gint64) number;

  return TRUE;
}

gboolean
dagsched_json_get_integer (JsonNode *node,
                           const DagschedPlace *place,
                           gint64 least,
                           gint64 most,
                           gint64 *value)
{
  g_autofree char *expected = NULL;

  if (get_integral (node, value) && *value >= least && *value <= most)
    return TRUE;

  if (most == G_MAXINT64)
    expected = g_strdup_printf ("an integer ≥ %" G_GINT64_FORMAT, least);
  else
    expected = g_strdup_printf ("an integer from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, least, most);
  if (get_integral (node, value))
    dagsched_place_add_problem (place, "expected %s, found %" G_GINT64_FORMAT, expected, *value);
  else if (holds (node, G_TYPE_DOUBLE))
    dagsched_place_add_problem (place, "expected %s, found %g", expected, json_node_get_double (node));
  else
    dagsched_json_add_mismatch (node, place, expected);

  return FALSE;
}

gboolean
dagsched_json_check_version (JsonNode *node, const DagschedPlace *place, int known)
{
  gint64 version;

  if (!dagsched_json_get_integer (node, place, 1, G_MAXINT64, &version))
    return FALSE;
  if (version == known)
    return TRUE;

  dagsched_place_add_problem (
    place, "version %" G_GINT64_FORMAT " of the format is not known to this program: it reads version %d",
    version, known);
  return FALSE;
}

gboolean
dagsched_json_get_seconds (JsonNode *node, const DagschedPlace *place, double *value)
{
  if (!holds (node, G_TYPE_INT64) && !holds (node, G_TYPE_DOUBLE))
    {
      dagsched_json_add_mismatch (node, place, "seconds (a number ≥ 0)");
      return FALSE;
    }

  *value = json_node_get_double (node);
  if (*value >= 0 && *value <= MAX_SECONDS)
    return TRUE;

  if (*value < 0)
    dagsched_place_add_problem (place, "expected seconds (a number ≥ 0), found %g", *value);
  else
    dagsched_place_add_problem (place, "expected seconds (at most %.10g), found %g", MAX_SECONDS, *value);

  return FALSE;
}

const char *
dagsched_json_get_string (JsonNode *node, const DagschedPlace *place, const char *what)
{
  if (holds (node, G_TYPE_STRING))
    return json_node_get_string (node);

  dagsched_json_add_mismatch (node, place, what);

  return NULL;
}

const char *
dagsched_json_get_word (JsonNode *node, const DagschedPlace *place, const char *what)
{
  const char *string = dagsched_json_get_string (node, place, what);

  if (string != NULL && *string == '\0')
    {
      dagsched_place_add_problem (place, "expected %s, found an empty string", what);
      return NULL;
    }

  return string;
}

JsonArray *
dagsched_json_get_array (JsonNode *node, const DagschedPlace *place, const char *what)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);

  dagsched_json_add_mismatch (node, place, what);

  return NULL;
}

JsonObject *
dagsched_json_get_object (JsonNode *node, const DagschedPlace *place, const char *what)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);

  dagsched_json_add_mismatch (node, place, what);

  return NULL;
}

const char **
dagsched_json_get_words (JsonNode *node, const DagschedPlace *place, const char *what)
{
  JsonArray *array = dagsched_json_get_array (node, place, what);
  g_autofree const char **words = NULL;
  gboolean good = TRUE;
  guint n;

  if (array == NULL)
    return NULL;

  n = json_array_get_length (array);
  words = g_new0 (const char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      DagschedPlace element = DAGSCHED_PLACE_ELEMENT (place, i);

      words[i] =
        dagsched_json_get_word (json_array_get_element (array, i), &element, "a string that is not empty");
      good = good && words[i] != NULL;
    }

  return good ? g_steal_pointer (&words) : NULL;
}
