/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-spawn.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK_SIZE (64 * 1024)
#define CPU_GRACE 5 /* seconds between SIGXCPU and SIGKILL */

typedef struct
{
  const AgentSpawn *spawn;
  volatile DagschedFailure failure;
  volatile int error;
} Child;

static const char *
get_path (char **env)
{
  for (; *env != NULL; env++)
    {
      if (strncmp (*env, "PATH=", 5) == 0)
        return *env + 5;
    }

  return "/usr/local/bin:/usr/bin:/bin";
}

/* execvpe() with the PATH of the process to be, not ours. A candidate that is there but can't be run is
 * worth more as an explanation than that the others are not there. Sets errno. */
static void
exec_in_path (const AgentSpawn *spawn)
{
  const char *program = spawn->argv[0];
  const char *path = get_path (spawn->environ);
  int worst = ENOENT;

  for (;;)
    {
      size_t length = strcspn (path, ":");
      char candidate[PATH_MAX];
      int n = snprintf (candidate, sizeof candidate, "%.*s%s%s", (int) length, path, length > 0 ? "/" : "",
                        program);

      if (n < (int) sizeof candidate)
        {
          execve (candidate, (char **) spawn->argv, spawn->environ);
          if (errno != ENOENT && errno != ENOTDIR)
            worst = errno;
        }
      if (path[length] == '\0')
        break;
      path += length + 1;
    }

  errno = worst;
}

static int
fail (Child *child, DagschedFailure failure)
{
  child->error = errno;
  child->failure = failure;
  _exit (127);
}

/* Never above what we may have ourselves. */
static void
set_limit (int resource, uint64_t soft, uint64_t hard)
{
  struct rlimit limit;

  if (soft == 0 || getrlimit (resource, &limit) < 0)
    return;

  if (hard < limit.rlim_max)
    limit.rlim_max = hard;
  limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
  setrlimit (resource, &limit);
}

static void
set_limits (const uint64_t *limits)
{
  uint64_t cpu = limits[DAGSCHED_RUN_LIMIT_CPU];

  set_limit (RLIMIT_CPU, cpu, cpu + CPU_GRACE);
  set_limit (RLIMIT_DATA, limits[DAGSCHED_RUN_LIMIT_MEMORY], limits[DAGSCHED_RUN_LIMIT_MEMORY]);
  set_limit (RLIMIT_NOFILE, limits[DAGSCHED_RUN_LIMIT_OPEN_FILES], limits[DAGSCHED_RUN_LIMIT_OPEN_FILES]);
}

/* Runs in our memory, on a stack of its own, while we are suspended: system calls only. */
static int
run_child (void *data)
{
  Child *child = data;
  const AgentSpawn *spawn = child->spawn;
  sigset_t none;

  setsid ();
  if (spawn->workdir[0] != '\0' && chdir (spawn->workdir) < 0)
    return fail (child, DAGSCHED_FAILURE_WORKDIR);
  if (dup2 (spawn->out_fd, STDOUT_FILENO) < 0 || dup2 (spawn->err_fd, STDERR_FILENO) < 0)
    return fail (child, DAGSCHED_FAILURE_SPAWN);

  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  set_limits (spawn->limits);
  /* Where the system lets ancestors only. It outlasts exec, but is not for children of this one. */
  if (spawn->is_traceable)
    prctl (PR_SET_PTRACER, getppid (), 0, 0, 0);

  if (strchr (spawn->argv[0], '/') != NULL)
    execve (spawn->argv[0], (char **) spawn->argv, spawn->environ);
  else if (spawn->argv[0][0] == '\0')
    errno = ENOENT;
  else
    exec_in_path (spawn);

  return fail (child, DAGSCHED_FAILURE_EXEC);
}

pid_t
agent_spawn (const AgentSpawn *self, DagschedFailure *failure, int *error)
{
  static alignas (16) char stack[STACK_SIZE];
  Child child = { .spawn = self };
  pid_t pid;

  pid = clone (run_child, stack + STACK_SIZE, CLONE_VM | CLONE_VFORK | SIGCHLD, &child);
  if (pid < 0)
    {
      *failure = DAGSCHED_FAILURE_SPAWN;
      *error = errno;
      return -1;
    }

  if (child.failure != DAGSCHED_FAILURE_NONE)
    {
      *failure = child.failure;
      *error = child.error;
      (void) TEMP_FAILURE_RETRY (waitpid (pid, NULL, 0));
      return -1;
    }

  return pid;
}
