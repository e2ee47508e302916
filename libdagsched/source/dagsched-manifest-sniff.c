/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/dagsched-manifest-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_SIZE 65536

static const char manifest_mark[] = "\"dagsched\"";
static const char overrides_mark[] = "\"dagsched-overrides\"";

static gboolean
holds (const char *text, gsize length, const char *mark)
{
  return memmem (text, length, mark, strlen (mark)) != NULL;
}

/* TRUE: it begins as a JSON object does. */
static gboolean
begins_an_object (const char *text, gsize length)
{
  gsize i = length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

  while (i < length && g_ascii_isspace (text[i]))
    i++;

  return i < length && text[i] == '{';
}

/* Chunks overlap by a mark's length, so that none is missed between two. */
static DagschedManifestKind
sniff_content (int fd)
{
  char chunk[CHUNK_SIZE];
  gboolean is_first = TRUE;
  gsize kept = 0;

  while (TRUE)
    {
      gssize n = read (fd, chunk + kept, CHUNK_SIZE - kept);
      gsize length;

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return DAGSCHED_MANIFEST_KIND_NONE;

      length = kept + (gsize) n;
      if (is_first && !begins_an_object (chunk, length))
        return DAGSCHED_MANIFEST_KIND_NONE;
      is_first = FALSE;

      if (holds (chunk, length, overrides_mark))
        return DAGSCHED_MANIFEST_KIND_OVERRIDES;
      if (holds (chunk, length, manifest_mark))
        return DAGSCHED_MANIFEST_KIND_MANIFEST;

      kept = MIN (length, sizeof overrides_mark);
      memmove (chunk, chunk + length - kept, kept);
    }
}

static gboolean
is_manifest_name (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  return strcmp (name, "dagsched.json") == 0 || g_str_has_suffix (name, ".dagsched.json");
}

DagschedManifestKind
dagsched_manifest_sniff (const char *path)
{
  DagschedManifestKind kind = DAGSCHED_MANIFEST_KIND_NONE;
  int fd = TEMP_FAILURE_RETRY (open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat info;

  if (fd >= 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode))
    kind = sniff_content (fd);
  if (fd >= 0)
    close (fd);
  if (kind == DAGSCHED_MANIFEST_KIND_NONE && is_manifest_name (path))
    kind = DAGSCHED_MANIFEST_KIND_MANIFEST;

  return kind;
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
dagsched_manifest_list (const char *path)
{
  g_autofree char *main_file = g_build_filename (path, "dagsched.json", NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (g_file_test (main_file, G_FILE_TEST_EXISTS))
    {
      g_ptr_array_add (files, g_steal_pointer (&main_file));
    }
  else if ((dir = g_dir_open (path, 0, NULL)) != NULL)
    {
      while ((name = g_dir_read_name (dir)) != NULL)
        {
          if (*name != '.' && g_str_has_suffix (name, ".dagsched.json"))
            g_ptr_array_add (files, g_build_filename (path, name, NULL));
        }
      g_ptr_array_sort (files, compare_strings);
    }
  g_ptr_array_add (files, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&files), FALSE);
}
