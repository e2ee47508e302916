/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-log-file-private.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

char *
dagsched_log_file_dup_default_directory (void)
{
  return g_build_filename (g_get_user_state_dir (), "dagsched", "runs", NULL);
}

/* 20261123T060102.123456Z-SUITE-PID.jsonl: names sort by time; what else is there is not ours. */
static gboolean
is_ours (const char *name)
{
  static const char shape[] = "00000000T000000.000000Z-";

  for (gsize i = 0; i < sizeof shape - 1; i++)
    {
      if (shape[i] == '0' ? !g_ascii_isdigit (name[i]) : name[i] != shape[i])
        return FALSE;
    }

  return g_str_has_suffix (name, ".jsonl");
}

/* Only if nobody is writing it, and it is a plain file of this user. */
static void
remove_idle (int dir_fd, const char *name)
{
  struct stat info;
  int fd = TEMP_FAILURE_RETRY (openat (dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));

  if (fd < 0)
    return;

  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode) && info.st_uid == geteuid () &&
      TEMP_FAILURE_RETRY (flock (fd, LOCK_EX | LOCK_NB)) == 0)
    unlinkat (dir_fd, name, 0);
  close (fd);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) b, *(const char *const *) a);
}

void
dagsched_log_directory_prune (const char *directory, guint n_kept)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  int dir_fd = TEMP_FAILURE_RETRY (open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (is_ours (name))
        g_ptr_array_add (names, g_strdup (name));
      else if (name[0] == '.' && is_ours (name + 1)) /* of a run that died before it began */
        remove_idle (dir_fd, name);
    }

  g_ptr_array_sort (names, compare_names);
  for (guint i = n_kept; i < names->len; i++)
    remove_idle (dir_fd, g_ptr_array_index (names, i));
  if (dir_fd >= 0)
    close (dir_fd);
}
