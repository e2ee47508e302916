/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-query-term-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/dagsched-suggest-private.h"

typedef enum
{
  KEY_NAME,
  KEY_SUITE,
  KEY_LABEL,
  KEY_OUTCOME,
  KEY_STATE,
  KEY_IS,
  KEY_WORKER,
  KEY_ATTEMPTS,
  KEY_DURATION,
  N_KEYS
} Key;

static const char *const keys[N_KEYS] = { "name", "suite",  "label",    "outcome", "state",
                                          "is",   "worker", "attempts", "duration" };

/* From and to, each maybe without its end. */
typedef struct
{
  double from, to;
  gboolean is_above, is_below; /* the ends themselves are outside */
} Range;

struct _DagschedGtkQueryTerm
{
  Key key;
  gboolean is_negated;
  GPtrArray *needles; /* (nullable) of KEY_NAME, KEY_SUITE, KEY_LABEL: folded if not ASCII, else lower case */
  guint looks;        /* bits by DagschedGtkLook */
  guint flags;        /* of DagschedFlags */
  GArray *ranges;     /* (nullable) of Range: any of them */
};

#define LOOK_BIT(look) (1u << (look))
#define STATE_LOOKS                                                                                          \
  (LOOK_BIT (DAGSCHED_GTK_LOOK_PENDING) | LOOK_BIT (DAGSCHED_GTK_LOOK_READY) |                               \
   LOOK_BIT (DAGSCHED_GTK_LOOK_RUNNING))
#define ALL_LOOKS (LOOK_BIT (DAGSCHED_GTK_N_LOOKS) - 1)

/* A word that a key knows as a value. */
typedef struct
{
  const char *word;
  guint looks;
  guint flags;
} Value;

static guint
collect_looks (gboolean (*is_meant) (DagschedGtkLook look))
{
  guint looks = 0;

  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    looks |= is_meant (look) ? LOOK_BIT (look) : 0;

  return looks;
}

static guint
list_values (Key key, Value values[DAGSCHED_GTK_N_LOOKS])
{
  guint n = 0;

  if (key == KEY_IS)
    {
      values[n++] = (Value){ "flaky", 0, DAGSCHED_FLAGS_FLAKY };
      values[n++] = (Value){ "leaked", 0, DAGSCHED_FLAGS_LEAKED };
      values[n++] = (Value){ "truncated", 0, DAGSCHED_FLAGS_TRUNCATED };
      values[n++] = (Value){ "failure", collect_looks (dagsched_gtk_look_is_failure), 0 };
      values[n++] = (Value){ "success", collect_looks (dagsched_gtk_look_is_success), 0 };
      return n;
    }

  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    {
      if ((key == KEY_STATE) == (look < DAGSCHED_GTK_LOOK_PASSED))
        values[n++] = (Value){ dagsched_gtk_look_get_word (look), LOOK_BIT (look), 0 };
    }
  if (key == KEY_STATE)
    values[n++] = (Value){ "finished", ALL_LOOKS & ~STATE_LOOKS, 0 };

  return n;
}

static char *
dup_values_text (const Value *values, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", values[i].word);

  return g_string_free (text, FALSE);
}

static char *
dup_unknown_value (Key key, const char *text, const Value *values, guint n)
{
  g_autofree char *known = dup_values_text (values, n);
  DagschedSuggestion suggestion;

  if (*text == '\0')
    return g_strdup_printf (_ ("“%s:” may be followed by %s."), keys[key], known);

  dagsched_suggestion_init (&suggestion, text);
  for (guint i = 0; i < n; i++)
    dagsched_suggestion_offer (&suggestion, values[i].word);
  if (suggestion.best != NULL)
    return g_strdup_printf (_ ("“%s:” does not know “%s”. Did you mean “%s”?"), keys[key], text,
                            suggestion.best);

  return g_strdup_printf (_ ("“%s:” does not know “%s”. It may be followed by %s."), keys[key], text, known);
}

/* While a word is being typed its beginning means all words that begin so. */
static gboolean
add_value (DagschedGtkQueryTerm *self, const char *text, char **problem)
{
  Value values[DAGSCHED_GTK_N_LOOKS];
  guint n = list_values (self->key, values);
  gsize length = strlen (text);
  gboolean is_known = FALSE;

  for (guint i = 0; i < n && length > 0; i++)
    {
      if (g_ascii_strncasecmp (values[i].word, text, length) != 0)
        continue;
      self->looks |= values[i].looks;
      self->flags |= values[i].flags;
      is_known = TRUE;
    }
  if (!is_known && *problem == NULL)
    *problem = dup_unknown_value (self->key, text, values, n);

  return is_known;
}

static gboolean
read_unit (const char *unit, double *factor)
{
  static const struct
  {
    const char *name;
    double seconds;
  } units[] = { { "", 1 },      { "s", 1 },  { "ms", 1e-3 }, { "us", 1e-6 },
                { "µs", 1e-6 }, { "m", 60 }, { "min", 60 },  { "h", 3600 } };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      if (g_ascii_strcasecmp (unit, units[i].name) == 0)
        {
          *factor = units[i].seconds;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
read_number (Key key, const char *text, double *number)
{
  double factor = 1;
  char *end;

  *number = g_ascii_strtod (text, &end);
  if (end == text || !isfinite (*number) || *number < 0 || g_ascii_tolower (*text) == 'n')
    return FALSE;
  if (key == KEY_DURATION ? !read_unit (end, &factor) : *end != '\0')
    return FALSE;

  *number *= factor;
  return TRUE;
}

static gboolean
read_two_ends (Key key, const char *text, const char *dots, Range *range)
{
  g_autofree char *from = g_strndup (text, dots - text);

  return (*from == '\0' || read_number (key, from, &range->from)) &&
         (dots[2] == '\0' || read_number (key, dots + 2, &range->to)) && (*from != '\0' || dots[2] != '\0');
}

static gboolean
read_range (Key key, const char *text, Range *range)
{
  const char *dots = strstr (text, "..");
  double *end = *text == '>' ? &range->from : &range->to;
  gboolean is_strict;

  *range = (Range){ .from = 0, .to = G_MAXDOUBLE };
  if (dots != NULL)
    return read_two_ends (key, text, dots, range);
  if (*text != '<' && *text != '>')
    {
      if (key == KEY_DURATION || !read_number (key, text, &range->from))
        return FALSE;
      range->to = range->from;
      return TRUE;
    }

  is_strict = text[1] != '=';
  range->is_above = *text == '>' && is_strict;
  range->is_below = *text == '<' && is_strict;
  return read_number (key, text + (is_strict ? 1 : 2), end);
}

static const char *
explain_number (Key key)
{
  if (key == KEY_DURATION)
    return _ ("“duration:” is followed by a comparison with a unit: >1s, <100ms, 1s..5s.");
  if (key == KEY_WORKER)
    return _ ("“worker:” is followed by a number, or by a comparison: 3, 0..3.");

  return _ ("“attempts:” is followed by a number, or by a comparison: 2, >1.");
}

static char *
dup_no_number (Key key, const char *text)
{
  if (*text == '\0')
    return g_strdup (explain_number (key));

  /* Translators: the last %s is a sentence that says what is understood */
  return g_strdup_printf (_ ("“%s:” does not understand “%s”. %s"), keys[key], text, explain_number (key));
}

static gboolean
add_range (DagschedGtkQueryTerm *self, const char *text, char **problem)
{
  Range range;

  if (!read_range (self->key, text, &range))
    {
      if (*problem == NULL)
        *problem = dup_no_number (self->key, text);
      return FALSE;
    }

  if (self->ranges == NULL)
    self->ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  g_array_append_val (self->ranges, range);
  return TRUE;
}

static gboolean
add_needle (DagschedGtkQueryTerm *self, const char *text)
{
  if (*text == '\0')
    return FALSE;

  if (self->needles == NULL)
    self->needles = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->needles,
                   g_str_is_ascii (text) ? g_ascii_strdown (text, -1) : g_utf8_casefold (text, -1));
  return TRUE;
}

static gboolean
add (DagschedGtkQueryTerm *self, const char *text, char **problem)
{
  switch (self->key)
    {
    case KEY_OUTCOME:
    case KEY_STATE:
    case KEY_IS:
      return add_value (self, text, problem);
    case KEY_WORKER:
    case KEY_ATTEMPTS:
    case KEY_DURATION:
      return add_range (self, text, problem);
    default:
      return add_needle (self, text);
    }
}

static gboolean
add_all (DagschedGtkQueryTerm *self, const char *text, char **problem)
{
  g_auto (GStrv) values = g_strsplit (text, ",", -1);
  gboolean is_any = FALSE;

  if (values[0] == NULL)
    return add (self, "", problem);
  for (guint i = 0; values[i] != NULL; i++)
    {
      /* A comma that nothing follows yet. */
      if (*values[i] == '\0' && i > 0)
        continue;
      is_any |= add (self, values[i], problem);
    }

  return is_any;
}

static gboolean
find_key (const char *text, gsize length, Key *key)
{
  for (Key i = 0; i < N_KEYS; i++)
    {
      if (strlen (keys[i]) == length && g_ascii_strncasecmp (keys[i], text, length) == 0)
        {
          *key = i;
          return TRUE;
        }
    }

  return FALSE;
}

/* Names may have colons: then the whole is looked for in names, and said to be. "a::b" is only a name. */
static char *
dup_unknown_key (const char *text, gsize length)
{
  g_autofree char *key = g_strndup (text, length);
  g_autofree char *known =
    g_strjoinv (", ", (char **) (const char *[]){ "name", "suite", "label", "outcome", "state", "is",
                                                  "worker", "attempts", "duration", NULL });
  DagschedSuggestion suggestion;

  dagsched_suggestion_init (&suggestion, key);
  for (guint i = 0; i < N_KEYS; i++)
    dagsched_suggestion_offer (&suggestion, keys[i]);
  if (suggestion.best != NULL)
    return g_strdup_printf (_ ("Looking for names with “%s”, as there is no “%s:”. Did you mean “%s:”?"),
                            text, key, suggestion.best);

  return g_strdup_printf (_ ("Looking for names with “%s”, as there is no “%s:”. There are %s."), text, key,
                          known);
}

static const char *
find_colon (const char *text)
{
  const char *colon = strchr (text, ':');

  if (colon == NULL || colon == text || colon[1] == ':')
    return NULL;
  for (const char *p = text; p < colon; p++)
    {
      if (!g_ascii_isalpha (*p))
        return NULL;
    }

  return colon;
}

DagschedGtkQueryTerm *
dagsched_gtk_query_term_parse (const char *text, char **problem)
{
  DagschedGtkQueryTerm *self = g_new0 (DagschedGtkQueryTerm, 1);
  const char *colon;
  gboolean is_any;

  self->is_negated = *text == '-' || *text == '!';
  text += self->is_negated;
  colon = find_colon (text);
  self->key = KEY_NAME;
  if (colon != NULL && find_key (text, colon - text, &self->key))
    is_any = add_all (self, colon + 1, problem);
  else
    {
      is_any = add_needle (self, text);
      if (colon != NULL)
        *problem = dup_unknown_key (text, colon - text);
    }

  if (!is_any)
    g_clear_pointer (&self, dagsched_gtk_query_term_free);

  return self;
}

void
dagsched_gtk_query_term_free (DagschedGtkQueryTerm *self)
{
  g_clear_pointer (&self->needles, g_ptr_array_unref);
  g_clear_pointer (&self->ranges, g_array_unref);
  g_free (self);
}

static inline char
lower (char c)
{
  return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
}

/* @needle is ASCII and lower case. Names are short, and there are very many: what prepares a search costs more. */
static gboolean
contains_ascii (const char *text, const char *needle)
{
  for (; *text != '\0'; text++)
    {
      const char *p = text, *q = needle;

      while (*q != '\0' && lower (*p) == *q)
        p++, q++;
      if (*q == '\0')
        return TRUE;
    }

  return FALSE;
}

static gboolean
contains (const char *text, const char *needle)
{
  g_autofree char *folded = NULL;

  if (text == NULL)
    return FALSE;
  if (g_str_is_ascii (needle))
    return contains_ascii (text, needle);

  folded = g_utf8_casefold (text, -1);
  return strstr (folded, needle) != NULL;
}

static gboolean
contains_any (const DagschedGtkQueryTerm *self, const char *text)
{
  for (guint i = 0; i < self->needles->len; i++)
    {
      if (contains (text, g_ptr_array_index (self->needles, i)))
        return TRUE;
    }

  return FALSE;
}

static gboolean
any_contains_any (const DagschedGtkQueryTerm *self, const char *const *words)
{
  for (; words != NULL && *words != NULL; words++)
    {
      if (contains_any (self, *words))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_in_range (const DagschedGtkQueryTerm *self, double value)
{
  for (guint i = 0; i < self->ranges->len; i++)
    {
      const Range *range = &g_array_index (self->ranges, Range, i);

      if ((range->is_above ? value > range->from : value >= range->from) &&
          (range->is_below ? value < range->to : value <= range->to))
        return TRUE;
    }

  return FALSE;
}

static gboolean
ran_on (const DagschedGtkQueryTerm *self, DagschedGtkRunTable *table, guint number)
{
  DagschedSpan span;

  return dagsched_run_get_span (table->run, number, 0, &span) && span.worker != DAGSCHED_NO_WORKER &&
         is_in_range (self, span.worker);
}

static gboolean
holds (const DagschedGtkQueryTerm *self, DagschedGtkRunTable *table, guint number)
{
  DagschedTest *test = table->tests[number];

  switch (self->key)
    {
    case KEY_SUITE:
      return any_contains_any (self, dagsched_test_get_suites (test));
    case KEY_LABEL:
      return any_contains_any (self, dagsched_test_get_labels (test));
    case KEY_OUTCOME:
    case KEY_STATE:
    case KEY_IS:
      return (self->looks & LOOK_BIT (table->looks[number])) != 0 ||
             (self->flags & table->flags[number]) != 0;
    case KEY_WORKER:
      return ran_on (self, table, number);
    case KEY_ATTEMPTS:
      return is_in_range (self, dagsched_test_get_n_attempts (test));
    case KEY_DURATION:
      return dagsched_test_get_n_attempts (test) > 0 && table->looks[number] >= DAGSCHED_GTK_LOOK_PASSED &&
             is_in_range (self, dagsched_test_get_duration (test));
    default:
      return contains_any (self, dagsched_test_get_name (test));
    }
}

gboolean
dagsched_gtk_query_term_holds (const DagschedGtkQueryTerm *self, DagschedGtkRunTable *table, guint number)
{
  return holds (self, table, number) != self->is_negated;
}

gboolean
dagsched_gtk_query_term_is_live (const DagschedGtkQueryTerm *self)
{
  return self->key > KEY_LABEL;
}

const char *
dagsched_gtk_query_term_get_suite (const DagschedGtkQueryTerm *self)
{
  return self->key == KEY_SUITE && !self->is_negated ? g_ptr_array_index (self->needles, 0) : NULL;
}

const char *
dagsched_gtk_query_term_get_label (const DagschedGtkQueryTerm *self)
{
  return self->key == KEY_LABEL && !self->is_negated ? g_ptr_array_index (self->needles, 0) : NULL;
}
