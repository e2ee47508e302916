/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/dagsched-json-guard-private.h"

#include <stdlib.h>
#include <string.h>

/* The parser recurses. No format of ours nests deeper than seven. */
#define MAX_DEPTH 64
#define MAX_DIGITS 18
/* Objects of up to as many members are compared pair by pair, without sorting. */
#define FEW_MEMBERS 16

typedef struct
{
  const char *start; /* the quote that opens it */
  gsize length;      /* both quotes included */
} Member;

typedef struct
{
  const char *start; /* the bracket that opens it */
  guint first;       /* of its members, in Guard.members */
} Level;

typedef struct
{
  const char *file;
  const char *text;
  const char *end;
  const char *at;
  DagschedProblems *problems;
  GError **error;
  GArray *members; /* of Member: those of all the objects that are open */
  Level levels[MAX_DEPTH];
  guint depth;
  gboolean expects_member; /* a string here would be the name of a member */
  gboolean after_comma;
  gboolean has_root;
} Guard;

/* Columns count characters, as editors do. */
static void
locate (const Guard *guard, const char *at, guint *line, guint *column)
{
  const char *start = guard->text;

  *line = 1;
  for (const char *next; (next = memchr (start, '\n', at - start)) != NULL; start = next + 1)
    (*line)++;

  *column = 1;
  for (; start < at; start++)
    *column += (*start & 0xc0) != 0x80;
}

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (const Guard *guard, const char *at, const char *format, ...)
{
  g_autofree char *message = NULL;
  guint line, column;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  locate (guard, at, &line, &column);
  g_set_error (guard->error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE, "%s:%u:%u: %s", guard->file, line, column,
               message);

  return FALSE;
}

static gboolean
refuse_end (const Guard *guard, const char *start, const char *what)
{
  guint line, column;

  locate (guard, start, &line, &column);

  return refuse (guard, guard->end, "the file ends inside the %s that begins at %u:%u: is it truncated?",
                 what, line, column);
}

static gboolean
read_hex (const Guard *guard, const char *at, guint *value)
{
  *value = 0;
  if (guard->end - at < 4)
    return FALSE;

  for (int i = 0; i < 4; i++)
    {
      if (!g_ascii_isxdigit (at[i]))
        return FALSE;
      *value = *value << 4 | (guint) g_ascii_xdigit_value (at[i]);
    }

  return TRUE;
}

/* At the `u` of an escape. */
static gboolean
check_unicode_escape (Guard *guard)
{
  const char *escape = guard->at - 1;
  guint value, low;

  if (!read_hex (guard, guard->at + 1, &value))
    return refuse (guard, escape, "\"\\u\" is not followed by four hexadecimal digits");
  if (value == 0)
    return refuse (guard, escape, "a string holds the character NUL (\"\\u0000\"), which no text may");

  guard->at += 5;
  if (value < 0xd800 || value > 0xdfff)
    return TRUE;

  if (value > 0xdbff || guard->end - guard->at < 6 || guard->at[0] != '\\' || guard->at[1] != 'u' ||
      !read_hex (guard, guard->at + 2, &low) || low < 0xdc00 || low > 0xdfff)
    return refuse (guard, escape, "an escape is half of a surrogate pair without its other half");
  guard->at += 6;

  return TRUE;
}

static gboolean
check_escape (Guard *guard, const char *start)
{
  if (++guard->at == guard->end)
    return refuse_end (guard, start, "string");
  if (*guard->at == 'u')
    return check_unicode_escape (guard);
  if (*guard->at == '\0' || strchr ("\"\\/bfnrt", *guard->at) == NULL)
    return refuse (guard, guard->at - 1,
                   "a string has an escape that JSON does not know; a backslash is \"\\\\\"");
  guard->at++;

  return TRUE;
}

static gboolean
check_string (Guard *guard)
{
  const char *start = guard->at++;

  while (guard->at < guard->end && *guard->at != '"')
    {
      if (*guard->at == '\\')
        {
          if (!check_escape (guard, start))
            return FALSE;
        }
      else if ((guchar) *guard->at < 0x20)
        {
          return refuse (guard, guard->at,
                         "a string holds a control character or does not end on its line; a new line is "
                         "\"\\n\"");
        }
      else
        {
          guard->at++;
        }
    }
  if (guard->at == guard->end)
    return refuse_end (guard, start, "string");
  guard->at++;

  if (guard->expects_member)
    {
      Member member = { start, guard->at - start };

      g_array_append_val (guard->members, member);
      guard->expects_member = FALSE;
    }

  return TRUE;
}

static const char *
skip_digits (const char *at, const char *end)
{
  while (at < end && g_ascii_isdigit (*at))
    at++;

  return at;
}

/* The grammar of RFC 8259, section 6. */
static gboolean
is_number (const char *at, const char *end)
{
  const char *digits;

  at += at < end && *at == '-';
  digits = at;
  at = skip_digits (at, end);
  if (at == digits || (*digits == '0' && at - digits > 1))
    return FALSE;

  if (at < end && *at == '.')
    {
      digits = ++at;
      at = skip_digits (at, end);
      if (at == digits)
        return FALSE;
    }
  if (at < end && (*at == 'e' || *at == 'E'))
    {
      at++;
      at += at < end && (*at == '+' || *at == '-');
      digits = at;
      at = skip_digits (at, end);
      if (at == digits)
        return FALSE;
    }

  return at == end;
}

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '.' || c == '+' || c == '_' || c == '$';
}

/* Anything that is neither white, a string nor a sign of structure. */
static gboolean
check_word (Guard *guard)
{
  const char *start = guard->at;
  const char *word_end;
  gsize length;

  while (guard->at < guard->end && is_word (*guard->at))
    guard->at++;
  length = guard->at - start;

  if (length == 0 && *start == '/')
    return refuse (guard, start, "JSON has no comments");
  if (length == 0 && *start == '\'')
    return refuse (guard, start, "JSON has no single quotes: strings stand in double quotes");
  if (length == 0 && g_ascii_iscntrl (*start))
    return refuse (guard, start, "unexpected control character 0x%02x", (guint) (guchar) *start);
  if (length == 0)
    {
      word_end = g_utf8_next_char (start);
      return refuse (guard, start, "unexpected \"%.*s\"", (int) (word_end - start), start);
    }
  if ((length == 4 && (memcmp (start, "true", 4) == 0 || memcmp (start, "null", 4) == 0)) ||
      (length == 5 && memcmp (start, "false", 5) == 0))
    return TRUE;
  if (!is_number (start, guard->at))
    return refuse (guard, start,
                   "\"%.*s\" is neither a number nor true, false or null; strings stand in double quotes",
                   (int) MIN (length, 40), start);
  if (skip_digits (start + (*start == '-'), guard->at) - start > MAX_DIGITS)
    return refuse (guard, start, "the number %.*s is too large", (int) MIN (length, 40), start);

  return TRUE;
}

static int
compare_members (gconstpointer a, gconstpointer b)
{
  const Member *left = a, *right = b;
  int order = memcmp (left->start, right->start, MIN (left->length, right->length));

  if (order == 0)
    order = (left->length > right->length) - (left->length < right->length);
  if (order == 0)
    order = (left->start > right->start) - (left->start < right->start);

  return order;
}

static gboolean
same_name (const Member *a, const Member *b)
{
  return a->length == b->length && memcmp (a->start, b->start, a->length) == 0;
}

/* The parser would silently take the last one. */
static void
add_duplicate (Guard *guard, const Member *first, const Member *second)
{
  guint line = 0, column = 0, first_line = 0;

  /* To locate it all that stands before is read: not where it is only counted. */
  if (dagsched_problems_is_shown (guard->problems))
    {
      locate (guard, first->start, &first_line, &column);
      locate (guard, second->start, &line, &column);
    }
  dagsched_problems_add (guard->problems, DAGSCHED_ERROR_PARSE,
                         "%s:%u:%u: an object has the member %.*s twice (first on line %u)", guard->file,
                         line, column, (int) MIN (second->length, 200), second->start, first_line);
}

static void
find_duplicates (Guard *guard, guint first)
{
  Member *members = &g_array_index (guard->members, Member, first);
  guint n = guard->members->len - first;

  if (n > FEW_MEMBERS)
    {
      qsort (members, n, sizeof *members, compare_members);
      for (guint i = 1; i < n; i++)
        {
          if (same_name (&members[i - 1], &members[i]))
            add_duplicate (guard, &members[i - 1], &members[i]);
        }
      return;
    }

  for (guint i = 1; i < n; i++)
    {
      for (guint j = 0; j < i; j++)
        {
          if (same_name (&members[j], &members[i]))
            {
              add_duplicate (guard, &members[j], &members[i]);
              break;
            }
        }
    }
}

static gboolean
open_level (Guard *guard)
{
  if (guard->depth == MAX_DEPTH)
    return refuse (guard, guard->at, "objects and arrays are nested more than %d deep", MAX_DEPTH);

  guard->levels[guard->depth++] = (Level){ guard->at, guard->members->len };
  guard->expects_member = *guard->at == '{';
  guard->at++;

  return TRUE;
}

static gboolean
close_level (Guard *guard)
{
  char wanted;
  Level *level;

  if (guard->depth == 0)
    return refuse (guard, guard->at, "unexpected \"%c\": nothing is open", *guard->at);

  level = &guard->levels[--guard->depth];
  wanted = *level->start == '{' ? '}' : ']';
  if (*guard->at != wanted)
    {
      guint line, column;

      locate (guard, level->start, &line, &column);
      return refuse (guard, guard->at, "unexpected \"%c\": the \"%c\" of %u:%u needs a \"%c\"", *guard->at,
                     *level->start, line, column, wanted);
    }

  if (guard->after_comma)
    return refuse (guard, guard->at, "a comma stands before the \"%c\"; JSON has none after the last",
                   wanted);

  if (wanted == '}' && guard->members->len > level->first + 1)
    find_duplicates (guard, level->first);
  g_array_set_size (guard->members, level->first);
  guard->expects_member = FALSE;
  guard->at++;

  return TRUE;
}

static gboolean
check_structure (Guard *guard)
{
  while (guard->at < guard->end)
    {
      gboolean good = TRUE;

      if (guard->depth == 0 && !g_ascii_isspace (*guard->at))
        {
          if (guard->has_root)
            return refuse (guard, guard->at, "something follows after the end of the JSON text");
          guard->has_root = TRUE;
        }

      switch (*guard->at)
        {
        case ' ':
        case '\t':
        case '\n':
        case '\r':
        case ':':
          guard->at++;
          continue;
        case ',':
          guard->expects_member = guard->depth > 0 && *guard->levels[guard->depth - 1].start == '{';
          guard->after_comma = TRUE;
          guard->at++;
          continue;
        case '"':
          good = check_string (guard);
          break;
        case '{':
        case '[':
          good = open_level (guard);
          break;
        case '}':
        case ']':
          good = close_level (guard);
          break;
        default:
          good = check_word (guard);
        }
      if (!good)
        return FALSE;
      guard->after_comma = FALSE;
    }

  if (guard->depth > 0)
    {
      const char *start = guard->levels[guard->depth - 1].start;

      return refuse_end (guard, start, *start == '{' ? "object" : "array");
    }

  return TRUE;
}

static gboolean
check_characters (const Guard *guard)
{
  const char *nul = memchr (guard->text, '\0', guard->end - guard->text);
  const char *bad;

  if (nul != NULL)
    return refuse (guard, nul, "the file holds a NUL byte: it is not a JSON text");
  if (!g_utf8_validate_len (guard->text, guard->end - guard->text, &bad))
    return refuse (guard, bad, "the byte 0x%02x is not valid UTF-8 here", (guint) (guchar) *bad);

  return TRUE;
}

gboolean
dagsched_json_guard_check (const char *file,
                           const char *text,
                           gsize length,
                           DagschedProblems *problems,
                           GError **error)
{
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (Member));
  Guard guard = {
    .file = file,
    .text = text,
    .end = text + length,
    .at = text,
    .problems = problems,
    .error = error,
    .members = members,
  };

  return check_characters (&guard) && check_structure (&guard);
}
