/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-core.h"

#include <glob.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "agent-proc.h"

#define PATTERN_MAX 512

bool
agent_core_is_crash (int signum)
{
  static const int signums[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP };

  for (size_t i = 0; i < sizeof signums / sizeof *signums; i++)
    {
      if (signum == signums[i])
        return true;
    }

  return false;
}

/* The first line of a file of /proc/sys/kernel/; "": there is none. */
static void
read_setting (const char *name, char *text, size_t size)
{
  char path[64];

  snprintf (path, sizeof path, "/proc/sys/kernel/%s", name);
  agent_proc_read (path, text, size);
  text[strcspn (text, "\n")] = '\0';
}

/* One of its letters after a "%": what is not known here may be anything. */
static void
print_specifier (FILE *out, char letter, const AgentCrash *crash)
{
  if (letter == '%')
    putc ('%', out);
  else if (letter == 'p')
    fprintf (out, "%d", (int) crash->pid);
  else if (letter == 's')
    fprintf (out, "%d", crash->signum);
  else
    putc ('*', out);
}

static void
print_literally (FILE *out, const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (strchr ("*?[\\", *text) != NULL)
        putc ('\\', out);
      putc (*text, out);
    }
}

/* See core(5). Returns a pattern for glob(), to be freed. */
static char *
expand (const char *pattern, const AgentCrash *crash)
{
  char uses_pid[8], *text = NULL;
  size_t length;
  bool has_pid = false;
  FILE *out = open_memstream (&text, &length);

  if (out == NULL)
    return NULL;

  read_setting ("core_uses_pid", uses_pid, sizeof uses_pid);
  if (pattern[0] != '/' && crash->workdir[0] != '\0')
    {
      print_literally (out, crash->workdir);
      putc ('/', out);
    }
  for (; *pattern != '\0'; pattern++)
    {
      char letter[2] = { *pattern, '\0' };

      if (*pattern == '%' && pattern[1] != '\0')
        {
          has_pid |= *++pattern == 'p';
          print_specifier (out, *pattern, crash);
        }
      else
        print_literally (out, letter);
    }
  if (!has_pid && strcmp (uses_pid, "1") == 0)
    fprintf (out, ".%d", (int) crash->pid);

  fclose (out);
  return text;
}

/* When it was started, by the clock of files, which is a little slow. */
static int64_t
get_start (const AgentCrash *crash)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);
  return now.tv_sec * 1000000000ll + now.tv_nsec - crash->lifetime_ns - 100 * 1000000ll;
}

/* An older one is not of this crash. */
static char *
find_newest (const char *pattern, int64_t since_ns)
{
  char *path = NULL;
  glob_t found;

  if (glob (pattern, GLOB_NOSORT, NULL, &found) != 0)
    return NULL;

  for (size_t i = 0; i < found.gl_pathc; i++)
    {
      struct stat status;
      int64_t time_ns;

      if (lstat (found.gl_pathv[i], &status) < 0 || !S_ISREG (status.st_mode))
        continue;
      time_ns = status.st_mtim.tv_sec * 1000000000ll + status.st_mtim.tv_nsec;
      if (time_ns < since_ns)
        continue;
      since_ns = time_ns;
      free (path);
      path = strdup (found.gl_pathv[i]);
    }

  globfree (&found);
  return path;
}

static bool
is_forbidden (void)
{
  struct rlimit limit;

  return getrlimit (RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0;
}

char *
agent_core_find (AgentCrash *crash)
{
  char pattern[PATTERN_MAX], *expanded, *path = NULL;

  read_setting ("core_pattern", pattern, sizeof pattern);
  if (strstr (pattern, "systemd-coredump") != NULL)
    snprintf (crash->way, sizeof crash->way, "its core went to systemd-coredump: coredumpctl debug %d",
              (int) crash->pid);
  else if (pattern[0] == '|')
    snprintf (crash->way, sizeof crash->way, "its core went to %s", pattern + 1);
  else if (crash->has_dumped)
    {
      expanded = expand (pattern, crash);
      path = expanded != NULL ? find_newest (expanded, get_start (crash)) : NULL;
      snprintf (crash->way, sizeof crash->way, "its core file is not to be found (%s)",
                expanded != NULL ? expanded : pattern);
      free (expanded);
    }
  else if (is_forbidden ())
    snprintf (crash->way, sizeof crash->way,
              "a core file would tell where, but their size is limited to 0 (ulimit -c unlimited)");
  else
    snprintf (crash->way, sizeof crash->way, "the kernel wrote no core file");

  return path;
}
