/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source-fixture.h"

#include <glib/gstdio.h>

/* Manifests with a few changes at random places: each loads, or is refused with a message. Warnings
 * are fatal. g_test_rand_*() is seeded: a failure comes again with --seed. */

#define N_MUTATIONS 500

static const char seed_text[] =
  "{\"$schema\": \"x\", \"dagsched\": 1, \"name\": \"n\", \"defaults\": {\"timeout\": 60, \"env\": {\"A\": "
  "\"1\"}},\n"
  " \"resources\": {\"db\": 1, \"gpu\": 2}, \"include\": [\"other.json\"],\n"
  " \"tests\": [{\"name\": \"a\", \"command\": [\"./run\"], \"depends\": [\"b\", {\"test\": \"c\", \"when\": "
  "\"always\"}],\n"
  " \"resources\": {\"db\": \"all\"}, \"slots\": 2, \"fixture\": {\"cleanup\": \"c\"}, \"group\": {\"g\": "
  "\"h\"},\n"
  " \"stop-signal\": \"INT\", \"output-limit\": \"16M\", \"disabled\": \"no \\u00e9\", \"retry-delay\": "
  "0.5},\n"
  " {\"name\": \"b\", \"command\": [\"true\"], \"unset-env\": [\"X\"], \"workdir\": \"..\"},\n"
  " {\"name\": \"c\", \"command\": [\"true\"], \"protocol\": \"tap\"}]}\n";

static const char *const tokens[] = {
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\"",
  "null",
  "true",
  "-1",
  "1e999",
  "\\u0000",
  "\\ud800",
  "0",
  "\"all\"",
  "\"name\"",
  "\"\"",
  "//",
  "'",
  "\xff",
  "1.5",
  "9999999999",
  "\"include\": [\"dagsched.json\"],",
  "[[[[[[[[",
};

static void
mutate (GString *text)
{
  gsize at = (gsize) g_test_rand_int_range (0, (gint32) text->len);
  gsize length = (gsize) g_test_rand_int_range (1, 16);

  switch (g_test_rand_int_range (0, 5))
    {
    case 0:
      text->str[at] = (char) g_test_rand_int_range (0, 256);
      break;
    case 1:
      g_string_insert (text, (gssize) at, tokens[g_test_rand_int_range (0, G_N_ELEMENTS (tokens))]);
      break;
    case 2:
      g_string_erase (text, (gssize) at, (gssize) MIN (length, text->len - at));
      break;
    default:
      text->str[at] = "abcdefghij0123456789-./"[g_test_rand_int_range (0, 23)];
    }
}

static void
test_mutation (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other G_GNUC_UNUSED = fixture_write (fixture, "other.json", "{\"dagsched\": 1}");
  g_autofree char *path = fixture_path (fixture, "dagsched.json");
  guint n_loaded = 0, n_refused = 0;

  for (guint i = 0; i < N_MUTATIONS; i++)
    {
      g_autoptr (GString) text = g_string_new (seed_text);
      g_autoptr (DagschedGraph) graph = NULL;
      g_autoptr (GError) error = NULL;

      for (int n = g_test_rand_int_range (0, 3); n >= 0; n--)
        mutate (text);
      /* A file that is there would be written to the disk each time. */
      g_unlink (path);
      g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, NULL));

      graph = fixture_load (fixture, "dagsched.json", &error);
      n_loaded += graph != NULL;
      n_refused += graph == NULL;
      g_assert_true ((graph == NULL) == (error != NULL));
      if (error != NULL)
        g_assert_true (error->domain == DAGSCHED_ERROR && g_utf8_validate (error->message, -1, NULL));
    }
  g_assert_cmpuint (n_loaded, >, 0);
  g_assert_cmpuint (n_refused, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD_CASE ("/manifest/mutation", test_mutation);

  return g_test_run ();
}
