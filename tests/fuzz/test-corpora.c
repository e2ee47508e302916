/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

/* Gives each reader what stands in its corpus: whole, and cut off at a few places, as by a full disk. */

#define N_CUTS 8

typedef int (*ReadFunc) (const uint8_t *data, size_t size);

#define READERS(DO)                                                                                          \
  DO (ansi)                                                                                                  \
  DO (frames)                                                                                                \
  DO (history)                                                                                               \
  DO (judge)                                                                                                 \
  DO (live_observer)                                                                                         \
  DO (live_server)                                                                                           \
  DO (log)                                                                                                   \
  DO (log_line)                                                                                              \
  DO (manifest)                                                                                              \
  DO (meson)                                                                                                 \
  DO (overrides)                                                                                             \
  DO (resume)                                                                                                \
  DO (text)                                                                                                  \
  DO (values)

#define DECLARE(name) int fuzz_##name (const uint8_t *data, size_t size);
READERS (DECLARE)

static const struct
{
  const char *name;
  ReadFunc read;
} readers[] = {
#define ENTRY(reader) { .name = #reader, .read = fuzz_##reader },
  READERS (ENTRY)
};

static void
read_file (ReadFunc read, const char *path)
{
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  g_test_message ("%s", path);
  for (gsize i = 0; i <= N_CUTS; i++)
    {
      gsize cut = size * i / N_CUTS;
      /* So that a sanitizer sees what reads on. */
      g_autofree uint8_t *alone = g_memdup2 (data, MAX (cut, 1));

      read (alone, cut);
    }
}

static void
test_reader (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data), n_files = 0;
  g_autofree char *directory = g_strdelimit (g_strdup (readers[i].name), "_", '-');
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fuzz", "corpus", directory, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      read_file (readers[i].read, file);
      n_files++;
    }
  g_assert_cmpuint (n_files, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      g_autofree char *path = g_strconcat ("/corpora/", readers[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_reader);
    }
  return g_test_run ();
}
