/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-tree.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent-proc.h"

static void
pid_list_add (AgentPidList *self, pid_t pid)
{
  if (self->length == self->capacity)
    {
      size_t capacity = self->capacity > 0 ? self->capacity * 2 : 64;
      pid_t *pids = realloc (self->pids, capacity * sizeof *pids);

      if (pids == NULL)
        abort ();
      self->pids = pids;
      self->capacity = capacity;
    }

  self->pids[self->length++] = pid;
}

void
agent_pid_list_clear (AgentPidList *self)
{
  free (self->pids);
  *self = (AgentPidList){ 0 };
}

static bool
is_listed (pid_t pid, const pid_t *pids, size_t n_pids)
{
  for (size_t i = 0; i < n_pids; i++)
    {
      if (pids[i] == pid)
        return true;
    }

  return false;
}

/* What is gone has no children any more. */
static void
note_failure (AgentPidList *list)
{
  if (errno != ENOENT && errno != ESRCH)
    list->incomplete = true;
}

static void
add_children_of_thread (AgentPidList *list, pid_t pid, const char *tid)
{
  char path[64];
  FILE *file;
  int child;

  snprintf (path, sizeof path, "/proc/%d/task/%.16s/children", (int) pid, tid);
  do
    file = fopen (path, "re");
  while (file == NULL && errno == EINTR);
  if (file == NULL)
    {
      note_failure (list);
      return;
    }

  while (fscanf (file, "%d", &child) == 1)
    pid_list_add (list, child);
  fclose (file);
}

static void
add_children_by_task (AgentPidList *list, pid_t pid)
{
  char path[64];
  DIR *directory;
  struct dirent *entry;

  snprintf (path, sizeof path, "/proc/%d/task", (int) pid);
  do
    directory = opendir (path);
  while (directory == NULL && errno == EINTR);
  if (directory == NULL)
    {
      note_failure (list); /* or gone: its children are somebody else's by now */
      return;
    }

  while ((entry = readdir (directory)) != NULL)
    {
      if (isdigit ((unsigned char) entry->d_name[0]))
        add_children_of_thread (list, pid, entry->d_name);
    }
  closedir (directory);
}

/* false: it is gone. */
static bool
read_stat (const char *pid, char *state, pid_t *parent)
{
  char path[64], text[512];
  const char *rest;

  snprintf (path, sizeof path, "/proc/%.16s/stat", pid);
  if (agent_proc_read (path, text, sizeof text) == 0)
    return false;

  /* The name, in parentheses, may contain anything, parentheses too. */
  rest = strrchr (text, ')');
  return rest != NULL && sscanf (rest + 1, " %c %d", state, parent) == 2;
}

static void
add_children_by_scan (AgentPidList *list, pid_t pid)
{
  DIR *directory = opendir ("/proc");
  struct dirent *entry;
  pid_t parent;
  char state;

  if (directory == NULL)
    {
      note_failure (list);
      return;
    }

  while ((entry = readdir (directory)) != NULL)
    {
      if (isdigit ((unsigned char) entry->d_name[0]) && read_stat (entry->d_name, &state, &parent) &&
          parent == pid)
        pid_list_add (list, atoi (entry->d_name));
    }
  closedir (directory);
}

static void
add_children (AgentPidList *list, pid_t pid)
{
  static int has_children_files = -1;

  if (has_children_files < 0)
    has_children_files = access ("/proc/thread-self/children", R_OK) == 0;
  if (has_children_files)
    add_children_by_task (list, pid);
  else
    add_children_by_scan (list, pid);
}

/* All descendants but the spared ones and what is theirs, parents before children; once there are more than @enough, no
 * more are looked for. */
static void
collect (AgentPidList *list, const pid_t *spared, size_t n_spared, size_t enough)
{
  pid_t parent = getpid ();
  size_t next = 0;

  for (;;)
    {
      add_children (list, parent);
      while (next < list->length && is_listed (list->pids[next], spared, n_spared))
        list->pids[next] = list->pids[--list->length];
      if (next == list->length || list->length > enough)
        return;
      parent = list->pids[next++];
    }
}

void
agent_tree_list (AgentPidList *list)
{
  collect (list, NULL, 0, SIZE_MAX);
}

size_t
agent_tree_count (size_t enough)
{
  AgentPidList list = { 0 };
  size_t n_found;

  collect (&list, NULL, 0, enough);
  n_found = list.length;
  agent_pid_list_clear (&list);
  return n_found;
}

/* A whole group in one call, in which none of it forks: what forks without end is not caught up with one by one, and
 * leaves us little of the processor. A group of our descendants has no others in it, as each test has a session. */
static void
signal_group_of (pid_t pid, int signum, pid_t *last)
{
  pid_t group = getpgid (pid);

  if (group > 1 && group != *last && group != getpgrp ())
    kill (-group, signum);
  *last = group;
}

AgentTreeTally
agent_tree_kill (const pid_t *spared, size_t n_spared)
{
  AgentTreeTally tally = { 0 };
  AgentPidList list = { 0 };
  pid_t last = 0;

  /* Those whose parents are gone, and the first one: they have most of the groups. */
  add_children (&list, getpid ());
  for (size_t i = 0; i < list.length; i++)
    {
      if (!is_listed (list.pids[i], spared, n_spared))
        signal_group_of (list.pids[i], SIGKILL, &last);
    }
  agent_pid_list_clear (&list);

  collect (&list, spared, n_spared, SIZE_MAX);
  for (size_t i = 0; i < list.length; i++)
    {
      tally.n_found++;
      signal_group_of (list.pids[i], SIGKILL, &last);
      if (kill (list.pids[i], SIGKILL) < 0 && errno == EPERM)
        tally.n_denied++;
    }
  tally.incomplete = list.incomplete;

  agent_pid_list_clear (&list);
  return tally;
}

/* Who dies of the signal hands its children on, to us: all are collected before the first is told. What
 * is forked meanwhile is not told: it may be what handles the signal. */
void
agent_tree_tell (int signum, AgentPidList *told)
{
  AgentPidList list = { 0 };

  collect (&list, told->pids, told->length, SIZE_MAX);
  for (size_t i = 0; i < list.length; i++)
    {
      /* One that is stopped would not see it otherwise. */
      if (kill (list.pids[i], signum) == 0)
        kill (list.pids[i], SIGCONT);
      pid_list_add (told, list.pids[i]);
    }

  agent_pid_list_clear (&list);
}

/* 'X': it is gone. */
static char
get_state (pid_t pid)
{
  char text[16], state;
  pid_t parent;

  snprintf (text, sizeof text, "%d", (int) pid);
  return read_stat (text, &state, &parent) ? state : 'X';
}

/* Stops those that are not in @known, and adds them. Returns whether all is told: nobody was new, nor has anybody ended since
 * the last pass, whose children may have become ours behind our back. (States are looked at after the tree.) */
static bool
pause_pass (AgentPidList *known, AgentPidList *asleep, size_t *n_ended)
{
  AgentPidList list = { 0 };
  size_t n_known = known->length, n_ended_before = *n_ended;
  pid_t last = 0;

  collect (&list, NULL, 0, SIZE_MAX);
  for (size_t i = 0; i < list.length; i++)
    {
      if (!is_listed (list.pids[i], known->pids, n_known))
        pid_list_add (known, list.pids[i]);
    }
  agent_pid_list_clear (&list);

  *n_ended = 0;
  for (size_t i = 0; i < known->length; i++)
    {
      char state = get_state (known->pids[i]);

      *n_ended += state == 'Z' || state == 'X' ? 1 : 0;
      if (n_known == 0 && state == 'T')
        pid_list_add (asleep, known->pids[i]);
    }

  /* What is just being forked gets the signal of its group as well. */
  for (size_t i = n_known; i < known->length; i++)
    {
      signal_group_of (known->pids[i], SIGSTOP, &last);
      kill (known->pids[i], SIGSTOP);
    }

  return known->length == n_known && *n_ended == n_ended_before;
}

void
agent_tree_pause (AgentPidList *asleep)
{
  AgentPidList known = { 0 };
  size_t n_ended = 0;

  while (!pause_pass (&known, asleep, &n_ended))
    ;
  agent_pid_list_clear (&known);
}

static void
wait_to_look_again (void)
{
  const struct timespec delay = { 0, AGENT_TREE_AGAIN_NS };

  (void) !ppoll (NULL, 0, &delay, NULL);
}

/* Whether all were seen. */
static bool
resume_pass (const AgentPidList *asleep)
{
  AgentPidList list = { 0 };
  bool complete;

  collect (&list, NULL, 0, SIZE_MAX);
  for (size_t i = 0; i < list.length; i++)
    {
      if (!is_listed (list.pids[i], asleep->pids, asleep->length))
        kill (list.pids[i], SIGCONT);
    }
  complete = !list.incomplete;

  agent_pid_list_clear (&list);
  return complete;
}

void
agent_tree_resume (AgentPidList *asleep)
{
  while (!resume_pass (asleep))
    wait_to_look_again ();
  agent_pid_list_clear (asleep);
}

/* Reaps those that have ended. */
static bool
has_children (void)
{
  siginfo_t info;
  int result;

  do
    {
      info = (siginfo_t){ 0 };
      result = TEMP_FAILURE_RETRY (waitid (P_ALL, 0, &info, WEXITED | WNOHANG));
    }
  while (result == 0 && info.si_pid != 0);

  return result == 0;
}

void
agent_tree_kill_all (void)
{
  for (;;)
    {
      AgentTreeTally tally = agent_tree_kill (NULL, 0);
      siginfo_t info = { 0 };

      if (tally.incomplete)
        {
          if (!has_children ())
            return;
          wait_to_look_again ();
          continue;
        }
      /* What may not be signalled can't be waited for either: it may run for ever. */
      if (tally.n_found > 0 && tally.n_denied == tally.n_found)
        return;
      if (waitid (P_ALL, 0, &info, WEXITED) < 0 && errno == ECHILD)
        return;
      /* What starts another and ends leaves more dead, each of them looked at again, than one a round takes off. */
      do
        info.si_pid = 0;
      while (waitid (P_ALL, 0, &info, WEXITED | WNOHANG) == 0 && info.si_pid != 0);
    }
}
