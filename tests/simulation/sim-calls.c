/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the library calls instead of GLib's and the system's functions: the linker is told so (--wrap), for calls
 * out of our own objects only. GMutex and GCond are used as GLib itself would: one word says whether a lock is
 * held, so that g_mutex_clear() still complains. */
#include "sim.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_TIMERS 8

typedef struct
{
  int fd; /* 0: none */
  gint64 due_ns;
  gboolean is_due; /* since it was set */
} Timer;

SimCalls sim_calls;
static Timer timers[MAX_TIMERS];

#define WRAP(NAME) __wrap_##NAME
#define REAL(NAME) __real_##NAME

/* Outside of a world, the system's own. */
static gboolean
is_simulated (void)
{
  return sim_thread_self () != NULL;
}

/* Locks. */

void WRAP (g_mutex_lock) (GMutex *mutex);
void WRAP (g_mutex_unlock) (GMutex *mutex);
gboolean WRAP (g_mutex_trylock) (GMutex *mutex);
void WRAP (g_cond_wait) (GCond *cond, GMutex *mutex);
gboolean WRAP (g_cond_wait_until) (GCond *cond, GMutex *mutex, gint64 end_us);
void WRAP (g_cond_signal) (GCond *cond);
void WRAP (g_cond_broadcast) (GCond *cond);

void
WRAP (g_mutex_lock) (GMutex *mutex)
{
  sim_yield ();
  while (mutex->i[0] != 0)
    {
      if (!is_simulated ())
        g_error ("a lock is held outside of the world");
      sim_wait_on ("a lock", mutex, G_MAXINT64);
    }
  mutex->i[0] = 1;
}

void
WRAP (g_mutex_unlock) (GMutex *mutex)
{
  if (mutex->i[0] == 0)
    sim_fail ("a lock is unlocked that nobody holds");
  mutex->i[0] = 0;
  if (!is_simulated ())
    return;
  sim_wake_all (mutex);
  sim_yield ();
}

gboolean
WRAP (g_mutex_trylock) (GMutex *mutex)
{
  sim_yield ();
  if (mutex->i[0] != 0)
    return FALSE;
  mutex->i[0] = 1;
  return TRUE;
}

gboolean
WRAP (g_cond_wait_until) (GCond *cond, GMutex *mutex, gint64 end_us)
{
  gint64 deadline = end_us == G_MAXINT64 ? G_MAXINT64 : end_us * 1000;

  mutex->i[0] = 0;
  sim_wake_all (mutex);
  /* Nothing says that one wakes only when it was woken. */
  if (sim_one_in (50))
    sim_yield ();
  else
    sim_wait_on (end_us == G_MAXINT64 ? "a condition" : "a condition or a time", cond, deadline);
  WRAP (g_mutex_lock) (mutex);
  return sim_now () < deadline;
}

void
WRAP (g_cond_wait) (GCond *cond, GMutex *mutex)
{
  WRAP (g_cond_wait_until) (cond, mutex, G_MAXINT64);
}

void
WRAP (g_cond_signal) (GCond *cond)
{
  if (!is_simulated ())
    return;
  sim_yield ();
  sim_wake_one (cond);
  sim_yield ();
}

void
WRAP (g_cond_broadcast) (GCond *cond)
{
  if (!is_simulated ())
    return;
  sim_yield ();
  sim_wake_all (cond);
  sim_yield ();
}

/* Threads. */

GThread *WRAP (g_thread_new) (const char *name, GThreadFunc func, gpointer data);
GThread *WRAP (g_thread_try_new) (const char *name, GThreadFunc func, gpointer data, GError **error);
gpointer WRAP (g_thread_join) (GThread *thread);
void WRAP (g_thread_unref) (GThread *thread);
GThread *WRAP (g_thread_self) (void);
GThread *REAL (g_thread_self) (void);

GThread *
WRAP (g_thread_new) (const char *name, GThreadFunc func, gpointer data)
{
  SimThread *thread = sim_thread_new (g_intern_string (name), func, data);

  sim_yield ();
  return (GThread *) thread;
}

GThread *
WRAP (g_thread_try_new) (const char *name, GThreadFunc func, gpointer data, GError **error)
{
  if (sim_calls.may_start_thread == NULL || sim_calls.may_start_thread ())
    return WRAP (g_thread_new) (name, func, data);

  g_set_error_literal (error, G_THREAD_ERROR, G_THREAD_ERROR_AGAIN, "no more threads in this world");
  return NULL;
}

gpointer
WRAP (g_thread_join) (GThread *thread)
{
  return sim_thread_join ((SimThread *) thread);
}

void
WRAP (g_thread_unref) (GThread *thread)
{
  sim_thread_unref ((SimThread *) thread);
}

GThread *
WRAP (g_thread_self) (void)
{
  return is_simulated () ? (GThread *) sim_thread_self () : REAL (g_thread_self) ();
}

/* Time. */

int WRAP (clock_gettime) (clockid_t clock, struct timespec *time);
int REAL (clock_gettime) (clockid_t clock, struct timespec *time);
gint64 WRAP (g_get_monotonic_time) (void);
gint64 WRAP (g_get_real_time) (void);
gint64 REAL (g_get_monotonic_time) (void);
gint64 REAL (g_get_real_time) (void);

int
WRAP (clock_gettime) (clockid_t clock, struct timespec *time)
{
  gint64 now = sim_now ();

  if (!is_simulated ())
    return REAL (clock_gettime) (clock, time);

  time->tv_sec = now / 1000000000;
  time->tv_nsec = now % 1000000000;
  return 0;
}

gint64
WRAP (g_get_monotonic_time) (void)
{
  return is_simulated () ? sim_now () / 1000 : REAL (g_get_monotonic_time) ();
}

gint64
WRAP (g_get_real_time) (void)
{
  return is_simulated () ? G_GINT64_CONSTANT (1700000000000000) + sim_now () / 1000
                         : REAL (g_get_real_time) ();
}

/* Timers: an eventfd reads as a timerfd does. */

int WRAP (timerfd_create) (int clock, int flags);
int WRAP (timerfd_settime) (int fd, int flags, const struct itimerspec *value, struct itimerspec *before);
int WRAP (timerfd_gettime) (int fd, struct itimerspec *value);
int WRAP (close) (int fd);
int REAL (close) (int fd);

static Timer *
find_timer (int fd)
{
  for (guint i = 0; i < MAX_TIMERS; i++)
    {
      if (timers[i].fd == fd)
        return &timers[i];
    }

  return NULL;
}

int
WRAP (timerfd_create) (int clock, int flags)
{
  int fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  Timer *timer = find_timer (0);

  g_assert (fd > 0 && timer != NULL);
  *timer = (Timer){ .fd = fd, .due_ns = G_MAXINT64 };
  return fd;
}

int
WRAP (timerfd_settime) (int fd, int flags, const struct itimerspec *value, struct itimerspec *before)
{
  gint64 ns = value->it_value.tv_sec * G_GINT64_CONSTANT (1000000000) + value->it_value.tv_nsec;
  Timer *timer = find_timer (fd);
  eventfd_t count;

  (void) eventfd_read (fd, &count);
  timer->due_ns = ns > 0 ? sim_now () + ns : G_MAXINT64;
  timer->is_due = FALSE;
  sim_yield ();
  return 0;
}

int
WRAP (timerfd_gettime) (int fd, struct itimerspec *value)
{
  Timer *timer = find_timer (fd);
  gint64 ns = timer->due_ns != G_MAXINT64 ? MAX (timer->due_ns - sim_now (), 1) : 0;

  *value = (struct itimerspec){ .it_value = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 } };
  return 0;
}

int
WRAP (close) (int fd)
{
  Timer *timer = fd > 0 ? find_timer (fd) : NULL;

  if (timer != NULL)
    timer->fd = 0;
  if (is_simulated ())
    sim_stir ();
  return REAL (close) (fd);
}

void
sim_timers_clear (void)
{
  for (guint i = 0; i < MAX_TIMERS; i++)
    timers[i].fd = 0;
}

gint64
sim_timers_next (void)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < MAX_TIMERS; i++)
    {
      if (timers[i].fd > 0)
        next = MIN (next, timers[i].due_ns);
    }

  return next;
}

void
sim_timers_expire (void)
{
  for (guint i = 0; i < MAX_TIMERS; i++)
    {
      if (timers[i].fd == 0 || timers[i].due_ns > sim_now ())
        continue;
      timers[i].due_ns = G_MAXINT64;
      timers[i].is_due = TRUE;
      eventfd_write (timers[i].fd, 1);
    }
}

gboolean
sim_timers_are_due (gboolean take)
{
  gboolean are_due = FALSE;

  for (guint i = 0; i < MAX_TIMERS; i++)
    {
      are_due |= timers[i].fd > 0 && timers[i].is_due;
      if (take)
        timers[i].is_due = FALSE;
    }

  return are_due;
}

/* Descriptors. */

int WRAP (epoll_wait) (int fd, struct epoll_event *events, int n_events, int timeout_ms);
int REAL (epoll_wait) (int fd, struct epoll_event *events, int n_events, int timeout_ms);
int WRAP (poll) (struct pollfd *fds, nfds_t n_fds, int timeout_ms);
int REAL (poll) (struct pollfd *fds, nfds_t n_fds, int timeout_ms);
ssize_t WRAP (write) (int fd, const void *data, size_t length);
ssize_t REAL (write) (int fd, const void *data, size_t length);
ssize_t WRAP (send) (int fd, const void *data, size_t length, int flags);
ssize_t REAL (send) (int fd, const void *data, size_t length, int flags);
ssize_t WRAP (sendmsg) (int fd, const struct msghdr *message, int flags);
ssize_t REAL (sendmsg) (int fd, const struct msghdr *message, int flags);
int WRAP (shutdown) (int fd, int how);
int REAL (shutdown) (int fd, int how);
int WRAP (eventfd_write) (int fd, eventfd_t value);
int REAL (eventfd_write) (int fd, eventfd_t value);

int
WRAP (epoll_wait) (int fd, struct epoll_event *events, int n_events, int timeout_ms)
{
  /* Few at a time: others may come in between. */
  int n_wanted = sim_one_in (2) ? 1 : n_events;
  int n;

  g_assert (timeout_ms < 0);
  sim_yield ();
  while ((n = REAL (epoll_wait) (fd, events, n_wanted, 0)) == 0)
    sim_wait_stir ("something to read", G_MAXINT64);
  return n;
}

int
WRAP (poll) (struct pollfd *fds, nfds_t n_fds, int timeout_ms)
{
  gint64 deadline = timeout_ms < 0 ? G_MAXINT64 : sim_now () + timeout_ms * G_GINT64_CONSTANT (1000000);
  int n;

  sim_yield ();
  while ((n = REAL (poll) (fds, n_fds, 0)) == 0 && sim_now () < deadline)
    sim_wait_stir ("something to read", deadline);
  return n;
}

/* Only the log is written to this way. */
ssize_t
WRAP (write) (int fd, const void *data, size_t length)
{
  gssize n_allowed = (gssize) length;
  int error = 0;
  ssize_t n;

  if (!is_simulated ())
    return REAL (write) (fd, data, length);

  sim_yield ();
  if (sim_calls.may_write != NULL)
    n_allowed = sim_calls.may_write (data, length, &error);
  if (n_allowed <= 0)
    {
      errno = error;
      return -1;
    }
  n = REAL (write) (fd, data, (size_t) n_allowed);
  g_assert (n == n_allowed);
  if (sim_calls.written != NULL)
    sim_calls.written (data, (gsize) n);
  sim_yield ();
  return n;
}

ssize_t
WRAP (send) (int fd, const void *data, size_t length, int flags)
{
  ssize_t n;

  sim_yield ();
  /* A socket takes what it likes, of whoever does not wait. */
  if ((flags & MSG_DONTWAIT) && length > 1 && sim_one_in (20))
    length = 1 + sim_below ((guint) length - 1);
  n = REAL (send) (fd, data, length, flags);
  sim_stir ();
  return n;
}

ssize_t
WRAP (sendmsg) (int fd, const struct msghdr *message, int flags)
{
  ssize_t n = REAL (sendmsg) (fd, message, flags);

  sim_stir ();
  sim_yield ();
  return n;
}

int
WRAP (shutdown) (int fd, int how)
{
  int result = REAL (shutdown) (fd, how);

  sim_stir ();
  sim_yield ();
  return result;
}

int
WRAP (eventfd_write) (int fd, eventfd_t value)
{
  int result = REAL (eventfd_write) (fd, value);

  sim_stir ();
  return result;
}

/* Processes: one kind of program is started, with one descriptor. */

int WRAP (posix_spawn_file_actions_adddup2) (posix_spawn_file_actions_t *actions, int fd, int new_fd);
int WRAP (posix_spawn) (pid_t *pid,
                        const char *path,
                        const posix_spawn_file_actions_t *actions,
                        const posix_spawnattr_t *attributes,
                        char *const argv[],
                        char *const env[]);
int WRAP (waitid) (idtype_t type, id_t id, siginfo_t *info, int options);
pid_t WRAP (waitpid) (pid_t pid, int *status, int options);
pid_t REAL (waitpid) (pid_t pid, int *status, int options);
int WRAP (kill) (pid_t pid, int signum);

static int spawned_fd;

int
WRAP (posix_spawn_file_actions_adddup2) (posix_spawn_file_actions_t *actions, int fd, int new_fd)
{
  spawned_fd = fd;
  return 0;
}

int
WRAP (posix_spawn) (pid_t *pid,
                    const char *path,
                    const posix_spawn_file_actions_t *actions,
                    const posix_spawnattr_t *attributes,
                    char *const argv[],
                    char *const env[])
{
  *pid = 4711;
  return sim_calls.spawn (dup (spawned_fd));
}

int
WRAP (waitid) (idtype_t type, id_t id, siginfo_t *info, int options)
{
  info->si_pid = (pid_t) id;
  return 0;
}

pid_t
WRAP (waitpid) (pid_t pid, int *status, int options)
{
  return is_simulated () ? pid : REAL (waitpid) (pid, status, options);
}

int
WRAP (kill) (pid_t pid, int signum)
{
  return 0;
}
