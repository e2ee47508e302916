/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-threads.h"

#include <string.h>
#include <time.h>

#include "bench-error.h"

/* The kernel's numbering of the clocks of threads: CPUCLOCK_SCHED of one thread. */
#define CPU_CLOCK_OF_THREAD(tid) ((clockid_t) (~(guint) (tid) << 3 | 6))

static gboolean
contains (GArray *threads, int tid)
{
  for (guint i = 0; threads != NULL && i < threads->len; i++)
    {
      if (g_array_index (threads, int, i) == tid)
        return TRUE;
    }

  return FALSE;
}

GArray *
bench_threads_list (GArray *known)
{
  GArray *threads = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      int tid = g_ascii_strtoll (name, NULL, 10);

      if (!contains (known, tid))
        g_array_append_val (threads, tid);
    }

  return threads;
}

/* The file "status" of a thread; empty if the thread is gone. */
static char *
read_status (int tid)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/status", tid);
  char *status = NULL;

  g_file_get_contents (path, &status, NULL, NULL);
  return status != NULL ? status : g_strdup ("");
}

/* The number after "\nFIELD:"; -1 if there is no such line. */
static gint64
get_number (const char *status, const char *field)
{
  const char *found = strstr (status, field);

  return found != NULL ? g_ascii_strtoll (found + strlen (field), NULL, 10) : -1;
}

static gboolean
add_use (int tid, BenchThreadUse *use)
{
  g_autofree char *status = read_status (tid);
  gint64 voluntary = get_number (status, "\nvoluntary_ctxt_switches:");
  gint64 forced = get_number (status, "\nnonvoluntary_ctxt_switches:");
  struct timespec cpu;

  if (voluntary < 0 || forced < 0 || clock_gettime (CPU_CLOCK_OF_THREAD (tid), &cpu) != 0)
    return FALSE;

  use->n_switches += voluntary + forced;
  use->cpu_ns += (gint64) cpu.tv_sec * G_GINT64_CONSTANT (1000000000) + cpu.tv_nsec;
  return TRUE;
}

gboolean
bench_threads_get_use (GArray *threads, BenchThreadUse *use, GError **error)
{
  *use = (BenchThreadUse){ 0 };
  for (guint i = 0; i < threads->len; i++)
    {
      if (!add_use (g_array_index (threads, int, i), use))
        {
          g_set_error (error, BENCH_ERROR, BENCH_ERROR_SYSTEM,
                       "/proc/self/task/%d/status does not tell of context switches",
                       g_array_index (threads, int, i));
          return FALSE;
        }
    }

  return TRUE;
}

gboolean
bench_threads_all_sleep (GArray *threads)
{
  for (guint i = 0; i < threads->len; i++)
    {
      g_autofree char *status = read_status (g_array_index (threads, int, i));

      if (strstr (status, "\nState:\tS") == NULL)
        return FALSE;
    }

  return TRUE;
}
