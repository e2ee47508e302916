/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-trace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent-attempt.h"
#include "agent-environment.h"
#include "agent-proc.h"
#include "agent-spawn.h"

#define PROCESSES_MAX 16
#define EACH_NS (10 * 1000000000ll) /* one that hangs in the kernel makes its debugger hang as well */
#define ALL_NS (20 * 1000000000ll)
#define BYTES_MAX (256 * 1024)
#define COMMAND_MAX 200
#define NUMBER_SIZE 16
#define ARGUMENTS_MAX 12

#define BACKTRACE "thread apply all bt 256" /* as many frames as eu-stack shows */

extern char **environ;

static void
add_text (AgentTrace *self, const char *text)
{
  dagsched_buffer_append (&self->text, text, strlen (text));
}

/* Ours can be told from what the test wrote by how it begins. */
__attribute__ ((format (printf, 2, 3))) static void
add_line (AgentTrace *self, const char *format, ...)
{
  char line[PATH_MAX + 512];
  va_list args;

  va_start (args, format);
  vsnprintf (line, sizeof line, format, args);
  va_end (args);

  add_text (self, "--- ");
  add_text (self, line);
  add_text (self, "\n");
}

/* See agent_proc_read(). */
static size_t
read_file (pid_t pid, const char *name, char *text, size_t size)
{
  char path[64];

  snprintf (path, sizeof path, "/proc/%d/%s", (int) pid, name);
  return agent_proc_read (path, text, size);
}

/* One line, whatever is in it. */
static void
read_command (pid_t pid, char *text, size_t size)
{
  size_t length = read_file (pid, "cmdline", text, size);

  while (length > 0 && text[length - 1] == '\0')
    length--;
  for (size_t i = 0; i < length; i++)
    {
      if (text[i] == '\0')
        text[i] = ' ';
      else if ((unsigned char) text[i] < ' ' || text[i] == 0x7f)
        text[i] = '?';
    }
}

/* What a line of its status says; "": nothing. */
static void
read_status (const char *status, const char *name, char *text, size_t size)
{
  const char *line = strstr (status, name);

  text[0] = '\0';
  if (line != NULL)
    {
      line += strlen (name);
      line += strspn (line, " \t");
      snprintf (text, size, "%.*s", (int) strcspn (line, "\n"), line);
    }
}

/* Says what can be known of it without a debugger. Returns whether one would know more. */
static bool
describe (AgentTrace *self, pid_t pid)
{
  char status[2048], state[32], tracer[NUMBER_SIZE], place[64], command[COMMAND_MAX];
  bool is_traced;

  if (read_file (pid, "status", status, sizeof status) == 0)
    return false;

  read_status (status, "\nState:", state, sizeof state);
  read_status (status, "\nTracerPid:", tracer, sizeof tracer);
  read_command (pid, command, sizeof command);
  if (read_file (pid, "wchan", place, sizeof place) == 0 || strcmp (place, "0") == 0)
    place[0] = '\0';

  is_traced = tracer[0] != '\0' && strcmp (tracer, "0") != 0;
  add_line (self, "process %d, %s%s%s: %s", (int) pid, state, place[0] != '\0' ? " in " : "", place, command);
  if (is_traced)
    add_line (self, "no stack trace: process %s traces it already", tracer);

  return !is_traced && state[0] != 'Z' && state[0] != 'X';
}

/* Of the machine, not of the test; and in words that we know. No debug information from the network. */
static char **
get_environment (void)
{
  static const char *own[] = { "LC_ALL=C", "DEBUGINFOD_URLS=", NULL };
  static char **environment;

  if (environment == NULL)
    environment = agent_environment_build (environ, own + 2, own, own + 2);

  return environment;
}

static bool
start_tool (AgentTrace *self, const char *const *argv, int fd)
{
  static const uint64_t no_limits[DAGSCHED_RUN_N_LIMITS];
  DagschedFailure failure;
  int error;
  pid_t pid;

  pid = agent_spawn (&(AgentSpawn){ .workdir = self->core != NULL ? self->workdir : "",
                                    .argv = (const char **) argv,
                                    .environ = get_environment (),
                                    .out_fd = fd,
                                    .err_fd = fd,
                                    .limits = no_limits },
                     &failure, &error);
  if (pid < 0)
    return false;

  self->pid = pid;
  self->tool = argv[0];
  return true;
}

/* The one that is fast, else the one that is there. Neither reads settings of users, nor of directories. */
static bool
start_any_tool (AgentTrace *self, const char *pid, int fd)
{
  const char *const live[][ARGUMENTS_MAX] = {
    { "eu-stack", "-s", "-p", pid, NULL },
    { "gdb", "--batch", "-nx", "-ex", BACKTRACE, "-p", pid, NULL },
  };
  const char *const dead[][ARGUMENTS_MAX] = {
    { "eu-stack", "-s", "--core", self->core, NULL },
    { "gdb", "--batch", "-nx", "-ex", BACKTRACE, "--core", self->core, self->program, NULL },
  };

  for (int i = 0; i < 2; i++)
    {
      if (start_tool (self, self->core != NULL ? dead[i] : live[i], fd))
        return true;
    }

  return false;
}

static bool
start (AgentTrace *self, pid_t pid)
{
  char number[NUMBER_SIZE];
  int64_t now = agent_now ();
  int fds[2];

  if (pipe2 (fds, O_CLOEXEC) < 0)
    return false;

  snprintf (number, sizeof number, "%d", (int) pid);
  if (!start_any_tool (self, number, fds[1]))
    {
      close (fds[0]);
      close (fds[1]);
      return false;
    }

  close (fds[1]);
  fcntl (fds[0], F_SETFL, O_NONBLOCK);
  self->fd = fds[0];
  self->failed = false;
  self->deadline_ns = now + EACH_NS < self->end_ns ? now + EACH_NS : self->end_ns;
  return true;
}

static void
init (AgentTrace *self)
{
  *self = (AgentTrace){ .is_active = true, .fd = -1, .room = BYTES_MAX, .end_ns = agent_now () + ALL_NS };
}

void
agent_trace_begin (AgentTrace *self)
{
  init (self);
  agent_tree_list (&self->pids);
  add_line (self, "dagsched: it ran into its time-out, and this is where it was:");
}

void
agent_trace_begin_core (AgentTrace *self,
                        pid_t pid,
                        const char *core,
                        const char *program,
                        const char *workdir)
{
  init (self);
  self->crashed = pid;
  self->core = core;
  self->program = program;
  self->workdir = workdir;
  add_line (self, "dagsched: it crashed, and by its core file %s this is where:", core);
}

int64_t
agent_trace_get_deadline (const AgentTrace *self)
{
  return self->is_active ? self->deadline_ns : INT64_MAX;
}

void
agent_trace_note_end (AgentTrace *self, pid_t pid, bool failed)
{
  if (!self->is_active || pid != self->pid)
    return;

  self->pid = 0;
  self->failed = failed;
}

/* Whatever is there: it is bounded. */
static void
read_output (AgentTrace *self)
{
  for (;;)
    {
      ssize_t n_read;

      if (self->room == 0)
        return;
      n_read = read (self->fd, dagsched_buffer_reserve (&self->text, self->room), self->room);
      if (n_read < 0 && errno == EINTR)
        continue;
      if (n_read <= 0)
        return;

      dagsched_buffer_commit (&self->text, (size_t) n_read);
      self->room -= (size_t) n_read;
    }
}

/* It has a session of its own, like a test. */
static void
kill_tool (AgentTrace *self)
{
  if (self->pid > 0)
    kill (-self->pid, SIGKILL);
  self->pid = 0;
}

static bool
has_said (const AgentTrace *self, const char *text)
{
  return memmem (dagsched_buffer_peek (&self->text), dagsched_buffer_get_length (&self->text), text,
                 strlen (text)) != NULL;
}

/* Says what its output does not. */
static void
judge (AgentTrace *self, bool is_late)
{
  char number[NUMBER_SIZE];

  snprintf (number, sizeof number, "%d", (int) self->crashed);
  if (is_late)
    add_line (self, "%s took too long, and was ended", self->tool);
  else if (self->room == 0)
    add_line (self, "%s wrote too much: the rest is left out", self->tool);
  else if (self->failed && has_said (self, "Operation not permitted"))
    self->is_denied = true;
  if (self->core != NULL && !is_late && !has_said (self, number))
    add_line (self, "that may be another process's: kernel.core_pattern has no %%p");
}

/* eu-stack says the place on a line of its own: half of what people see would be numbers. */
static void
join_lines (AgentTrace *self)
{
  static const char gap[] = "\n    ";
  const size_t n_gap = sizeof gap - 1;
  uint8_t *to = self->text.data + self->text.start, *end = self->text.data + self->text.end;

  for (const uint8_t *from = to; from < end;)
    {
      bool is_gap = (size_t) (end - from) >= n_gap && memcmp (from, gap, n_gap) == 0;

      *to++ = is_gap ? ' ' : *from;
      from += is_gap ? n_gap : 1;
    }
  self->text.end = (size_t) (to - self->text.data);
}

static void
stop_reading (AgentTrace *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/* Looks whether the debugger of one process has said all. */
static bool
is_waiting (AgentTrace *self)
{
  bool has_ended = self->pid == 0, is_late;

  if (self->fd < 0)
    return false;

  /* What it wrote was there before it ended, so this is all of it; whoever else holds the pipe is not waited for. */
  read_output (self);
  is_late = !has_ended && agent_now () >= self->deadline_ns;
  if (!has_ended && !is_late && self->room > 0)
    return true;

  kill_tool (self);
  stop_reading (self);
  join_lines (self);
  judge (self, is_late);
  return false;
}

static void
add_to_stream (AgentTrace *self, AgentStream *stream, uint64_t id, DagschedBuffer *out)
{
  size_t length = dagsched_buffer_get_length (&self->text);

  if (length == 0)
    return;

  /* What the test wrote before comes before. */
  agent_stream_drain (stream, id, out);
  agent_stream_add (stream, id, dagsched_buffer_peek (&self->text), length, out);
  dagsched_buffer_consume (&self->text, length);
}

static void
explain_rest (AgentTrace *self)
{
  if (self->next < self->pids.length)
    add_line (self, "and %zu more", self->pids.length - self->next);
  if (self->is_without_tools)
    add_line (
      self,
      "dagsched: no stack traces, as there is neither eu-stack nor gdb to start: install elfutils or gdb");
  if (self->is_denied)
    add_line (
      self,
      "dagsched: what is not permitted is with CAP_SYS_PTRACE (containers: --cap-add=SYS_PTRACE), and to all "
      "with kernel.yama.ptrace_scope=0");
}

static bool
start_or_note (AgentTrace *self, pid_t pid)
{
  if (!self->is_without_tools && start (self, pid))
    return true;

  self->is_without_tools = true;
  return false;
}

/* Goes on to the next process of which a debugger knows more. Returns whether there is one. */
static bool
start_next (AgentTrace *self)
{
  if (self->core != NULL)
    return self->next++ == 0 && start_or_note (self, self->crashed);

  while (self->next < self->pids.length && self->next < PROCESSES_MAX && self->room > 0 &&
         agent_now () < self->end_ns)
    {
      pid_t pid = self->pids.pids[self->next++];

      if (describe (self, pid) && start_or_note (self, pid))
        return true;
    }

  return false;
}

bool
agent_trace_advance (AgentTrace *self, AgentStream *stream, uint64_t id, DagschedBuffer *out)
{
  bool goes_on;

  if (is_waiting (self))
    return true;

  /* Not the heading alone. */
  if (self->next > 0)
    add_to_stream (self, stream, id, out);
  goes_on = start_next (self);
  if (!goes_on)
    {
      explain_rest (self);
      add_to_stream (self, stream, id, out);
    }

  return goes_on;
}

void
agent_trace_end (AgentTrace *self)
{
  if (!self->is_active)
    return;

  kill_tool (self);
  stop_reading (self);
  agent_pid_list_clear (&self->pids);
  dagsched_buffer_clear (&self->text);
  self->is_active = false;
}
