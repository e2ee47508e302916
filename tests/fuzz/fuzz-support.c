/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* One number for all of them, so that what messages say is always the same. */
#define FILE_FD 200
#define MAX_PIECE 40

#ifdef DAGSCHED_FUZZERS
int LLVMFuzzerInitialize (int *argc, char ***argv);

/* As in the other tests, a warning is a finding. */
int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_FATAL_MASK);
  return 0;
}
#endif

static void
write_all (int fd, const uint8_t *data, size_t size)
{
  g_assert_cmpint (ftruncate (fd, 0), ==, 0);
  g_assert_cmpint (pwrite (fd, data, size, 0), ==, (gssize) size);
}

const char *
fuzz_file (const uint8_t *data, size_t size)
{
  if (fcntl (FILE_FD, F_GETFD) < 0)
    {
      int fd = memfd_create ("fuzz", MFD_CLOEXEC);

      g_assert_cmpint (dup3 (fd, FILE_FD, O_CLOEXEC), ==, FILE_FD);
      close (fd);
    }
  write_all (FILE_FD, data, size);
  return "/proc/self/fd/" G_STRINGIFY (FILE_FD);
}

static char directory[] = "/dev/shm/dagsched-fuzz-XXXXXX";

static int
remove_one (const char *path, const struct stat *info, int flag, struct FTW *walk)
{
  return remove (path);
}

static void
remove_directory (void)
{
  nftw (directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *
fuzz_directory (void)
{
  static const char *made;

  if (made != NULL)
    return made;

  made = g_mkdtemp (directory);
  if (made == NULL)
    made = g_mkdtemp (strcpy (directory, "/tmp/dagsched-fuzz-XXXXXX"));
  g_assert_nonnull (made);
  atexit (remove_directory);
  return made;
}

void
fuzz_write (const char *path, const uint8_t *data, size_t size)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  write_all (fd, data, size);
  close (fd);
}

void
fuzz_check_error (gboolean succeeded, const GError *error)
{
  g_assert_true (succeeded == (error == NULL));
  if (error == NULL)
    return;

  g_assert_true (error->domain == DAGSCHED_ERROR);
  g_assert_true (*error->message != '\0');
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static char *
dup_manifest (DagschedGraph *graph)
{
  g_autoptr (GError) error = NULL;
  char *text = dagsched_manifest_from_graph (graph, &error);

  fuzz_check_error (text != NULL, error);
  return text;
}

static void
check_manifest (DagschedGraph *graph)
{
  g_autofree char *text = dup_manifest (graph);
  g_autoptr (DagschedGraph) again = dagsched_graph_new (NULL);
  g_autofree char *text_again = NULL;
  g_autoptr (DagschedSource) source = NULL;
  g_autoptr (GError) error = NULL;

  if (text == NULL)
    return;

  source =
    dagsched_source_new_for_path (fuzz_file ((const uint8_t *) text, strlen (text)), "manifest", &error);
  g_assert_no_error (error);
  dagsched_source_load (source, again, &error);
  g_assert_no_error (error);
  text_again = dup_manifest (again);
  g_assert_cmpstr (text_again, ==, text);
}

void
fuzz_check_graph (DagschedGraph *graph)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedPlan) plan = dagsched_plan_new (graph, NULL, &error);

  fuzz_check_error (plan != NULL, error);
  if (plan != NULL)
    check_manifest (graph);
}

gsize
fuzz_next_piece (guint32 *seed, gsize size)
{
  gsize length;

  if (*seed == 0)
    return size;

  *seed = *seed * 1664525u + 1013904223u;
  length = 1 + (*seed >> 8) % MAX_PIECE;
  return MIN (length, size);
}
