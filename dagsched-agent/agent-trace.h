/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "agent-stream.h"
#include "agent-tree.h"

/* Says where the processes of an attempt are, or where one was that crashed: a debugger's stack traces. It is a child of
 * ours like they are, and so ends with them, whatever becomes of us. What it says is kept apart from what they write,
 * and added to it whole. */

typedef struct
{
  bool is_active;
  int fd;    /* what the debugger writes, to poll; -1: none runs */
  pid_t pid; /* of the debugger; 0: it has ended */
  bool failed;
  const char *tool;      /* whose output this is */
  int64_t deadline_ns;   /* of this debugger */
  int64_t end_ns;        /* of all */
  size_t room;           /* bytes that it may still write */
  DagschedBuffer text;   /* so far, of one process */
  AgentPidList pids;     /* whose turn comes */
  size_t next;           /* of them */
  bool is_denied;        /* the system did not let it look */
  bool is_without_tools; /* there is no debugger */
  const char *core;      /* what is looked at instead; NULL: the processes */
  const char *program;   /* whose it is */
  const char *workdir;   /* that of the program; "": ours */
  pid_t crashed;         /* who that was */
} AgentTrace;

/* Of all processes below this one. */
void agent_trace_begin (AgentTrace *self);
/* Of process @pid, which is gone, by its core file. The strings stay the caller's, until the end. */
void agent_trace_begin_core (AgentTrace *self,
                             pid_t pid,
                             const char *core,
                             const char *program,
                             const char *workdir);
/* When it is to go on though nothing happens; INT64_MAX: never. */
int64_t agent_trace_get_deadline (const AgentTrace *self);
/* A child of ours was reaped, which may be the debugger. */
void agent_trace_note_end (AgentTrace *self, pid_t pid, bool failed);
/* Takes in what there is, and adds what is complete to @stream. Returns whether there will be more. */
bool agent_trace_advance (AgentTrace *self, AgentStream *stream, uint64_t id, DagschedBuffer *out);
/* Kills the debugger. Its death is a SIGCHLD, as any other's. */
void agent_trace_end (AgentTrace *self);
