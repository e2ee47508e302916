/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kinds of calls, by the words that DAGSCHED_FAULTS has for them. */
#define FAULT_CALLS(F)                                                                                       \
  F (OPEN, "open")                                                                                           \
  F (READ, "read")                                                                                           \
  F (WRITE, "write")                                                                                         \
  F (SEND, "send")                                                                                           \
  F (RECV, "recv")                                                                                           \
  F (RECVMSG, "recvmsg") /* EMFILE: the descriptors in the message are lost */                               \
  F (POLL, "poll")                                                                                           \
  F (WATCH, "watch")           /* epoll_ctl() */                                                             \
  F (DESCRIPTOR, "descriptor") /* whatever else makes one: pipes, sockets, timers */                         \
  F (CONNECT, "connect")                                                                                     \
  F (ACCEPT, "accept")                                                                                       \
  F (SYNC, "sync")                                                                                           \
  F (CLOSE, "close")                                                                                         \
  F (TRUNCATE, "truncate")                                                                                   \
  F (LOCK, "lock")                                                                                           \
  F (MKDIR, "mkdir")                                                                                         \
  F (UNLINK, "unlink")                                                                                       \
  F (RENAME, "rename")                                                                                       \
  F (FORK, "fork")                                                                                           \
  F (EXEC, "exec")                                                                                           \
  F (WAIT, "wait")                                                                                           \
  F (THREAD, "thread") /* g_thread_try_new(): GLib ends the program where another can't be had */            \
  F (MALLOC, "malloc")                                                                                       \
  F (CLOCK, "clock") /* of the real time; the monotonic one can't jump */

typedef enum
{
#define ID(id, name) CALL_##id,
  FAULT_CALLS (ID)
#undef ID
    N_CALLS
} FaultCall;

/* Faults are errors, or these. */
#define FAULT_SHORT (-1)
#define FAULT_SLOW (-2)
#define FAULT_JUMP (-3)

#define FAULT_NO_FD (-100)

/* What is to become of a call on @fd: 0 (nothing: it is made as always), an error, which is in errno then, or a fault. */
int fault_pick (FaultCall which, int fd);
size_t fault_shorten (size_t length);
/* Seconds that the clock is wrong by now. */
int64_t fault_offset (void);
/* In a child: its calls have an order of their own. */
void fault_forked (void);
