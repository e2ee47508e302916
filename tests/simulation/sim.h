/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A world in which all threads are coroutines of one thread, and time is virtual. At each point where a thread could
 * be interrupted a random generator says who goes on. Time passes when nobody can go on (and, in some worlds, a
 * little at each point). So a seed says all that happens, and a world with the same seed is the same. */

typedef struct _SimThread SimThread;

typedef enum
{
  SIM_ENDED,  /* the function returned */
  SIM_KILLED, /* sim_kill() was called, or its moment had come: nothing of its threads goes on */
} SimEnd;

/* Runs @func as the first thread of a new world. Threads that it leaves are forgotten. */
SimEnd sim_run (guint64 seed, void (*func) (gpointer data), gpointer data);
/* At that point of this world, from now on; 0: at none. */
void sim_kill_at (guint64 point);
G_NORETURN void sim_kill (void);
guint64 sim_get_point (void);
void sim_set_tracing (gboolean tracing);

/* What happened, for the trace and its hash. */
void sim_note (const char *what, guint64 a, guint64 b);
guint64 sim_get_hash (void);
/* Something that must not be: tells of the seed, of what all threads wait for, and ends the process. */
G_NORETURN void sim_fail (const char *format, ...) G_GNUC_PRINTF (1, 2);
extern const char *sim_replay; /* the command line that shows it again */

guint64 sim_random (void);
/* Below @n. */
guint sim_below (guint n);
gboolean sim_one_in (guint n);

gint64 sim_now (void); /* ns */
/* Time passes while threads work: what is due may be late. */
gboolean sim_is_slow (void);

/* A point where another thread may go on. */
void sim_yield (void);
/* Waits until @is_ready says so, or until @deadline_ns (G_MAXINT64: never). It may look, and do nothing else. */
void sim_wait (const char *what, gboolean (*is_ready) (gpointer data), gpointer data, gint64 deadline_ns);
/* Waits likewise for who wakes @object: all of them. */
void sim_wait_on (const char *what, gconstpointer object, gint64 deadline_ns);
void sim_wake_all (gconstpointer object);
void sim_wake_one (gconstpointer object);
/* A descriptor that somebody may be waiting for may be readable now. */
void sim_stir (void);
/* Waits until somebody stirs. */
void sim_wait_stir (const char *what, gint64 deadline_ns);

SimThread *sim_thread_new (const char *name, GThreadFunc func, gpointer data);
gpointer sim_thread_join (SimThread *thread);
void sim_thread_unref (SimThread *thread);
SimThread *sim_thread_self (void);
guint sim_count_threads (void);

/* Called whenever time is about to pass because nobody can go on. */
extern void (*sim_on_idle) (void);

/* What passes through the substitutes of system calls (sim-calls.c). */
typedef struct
{
  /* A file: how many bytes fit in (less: the rest comes to errno), and what was written. */
  gssize (*may_write) (const char *data, gsize length, int *error);
  void (*written) (const char *data, gsize length);
  /* An agent is started with @fd; 0 or an errno. */
  int (*spawn) (int fd);
  /* Threads: whether one more can be had. */
  gboolean (*may_start_thread) (void);
} SimCalls;

extern SimCalls sim_calls;
/* Whether one has expired since it was set, and since this was asked with @take. */
gboolean sim_timers_are_due (gboolean take);
void sim_timers_clear (void);
gint64 sim_timers_next (void);
/* Those whose time has come become readable. */
void sim_timers_expire (void);

G_END_DECLS
