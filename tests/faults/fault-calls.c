/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The calls that fail. Each stands before the C library's, and calls that unless a fault is picked. The library calls
 * itself by other names: what it does by several calls of its own (fopen(), mkdtemp()) is here by its own name. */

/* Each name is to be its own. */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS

#include "fault-shim.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The next one of this name. */
#define REAL(name)                                                                                           \
  ({                                                                                                         \
    static __typeof__ (&name) real_##name;                                                                   \
    if (real_##name == NULL)                                                                                 \
      real_##name = (__typeof__ (&name)) dlsym (RTLD_NEXT, #name);                                           \
    real_##name;                                                                                             \
  })

/* TYPE NAME PARAMETERS: fails as CALL does, or is NAME ARGUMENTS. */
#define PLAIN(type, name, parameters, arguments, call, fd, failed)                                           \
  type name parameters;                                                                                      \
  type name parameters { return fault_pick (call, fd) > 0 ? (failed) : REAL (name) arguments; }

/* GLib ends the program where it can't have what it makes for itself. */
static bool
is_glib (void *caller)
{
  Dl_info info;

  return dladdr (caller, &info) != 0 &&
         (strstr (info.dli_fname, "libglib-") != NULL || strstr (info.dli_fname, "libgio-") != NULL);
}

/* Makes a descriptor. */
#define MAKER(name, parameters, arguments)                                                                   \
  int name parameters;                                                                                       \
  int name parameters                                                                                        \
  {                                                                                                          \
    bool fails = !is_glib (__builtin_return_address (0)) && fault_pick (CALL_DESCRIPTOR, FAULT_NO_FD) > 0;   \
                                                                                                             \
    return fails ? -1 : REAL (name) arguments;                                                               \
  }

/* Likewise, but reads or writes @length bytes of @fd, or fewer. */
#define TRANSFER(name, parameters, arguments, call)                                                          \
  ssize_t name parameters;                                                                                   \
  ssize_t name parameters                                                                                    \
  {                                                                                                          \
    int fault = fault_pick (call, fd);                                                                       \
                                                                                                             \
    if (fault > 0)                                                                                           \
      return -1;                                                                                             \
    if (fault == FAULT_SHORT)                                                                                \
      length = fault_shorten (length);                                                                       \
    return REAL (name) arguments;                                                                            \
  }

/* clang-format off */
TRANSFER (read, (int fd, void *data, size_t length), (fd, data, length), CALL_READ)
TRANSFER (pread, (int fd, void *data, size_t length, off_t at), (fd, data, length, at), CALL_READ)
TRANSFER (pread64, (int fd, void *data, size_t length, off64_t at), (fd, data, length, at), CALL_READ)
TRANSFER (__read_chk, (int fd, void *data, size_t length, size_t size), (fd, data, length, size), CALL_READ)
TRANSFER (write, (int fd, const void *data, size_t length), (fd, data, length), CALL_WRITE)
TRANSFER (pwrite, (int fd, const void *data, size_t length, off_t at), (fd, data, length, at), CALL_WRITE)
TRANSFER (pwrite64, (int fd, const void *data, size_t length, off64_t at), (fd, data, length, at), CALL_WRITE)
TRANSFER (send, (int fd, const void *data, size_t length, int flags), (fd, data, length, flags), CALL_SEND)
TRANSFER (recv, (int fd, void *data, size_t length, int flags), (fd, data, length, flags), CALL_RECV)

PLAIN (ssize_t, writev, (int fd, const struct iovec *parts, int n), (fd, parts, n), CALL_WRITE, fd, -1)

PLAIN (int, poll, (struct pollfd *fds, nfds_t n, int timeout), (fds, n, timeout), CALL_POLL, FAULT_NO_FD, -1)
PLAIN (int, ppoll, (struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask),
       (fds, n, timeout, mask), CALL_POLL, FAULT_NO_FD, -1)
PLAIN (int, epoll_wait, (int fd, struct epoll_event *events, int n, int timeout), (fd, events, n, timeout),
       CALL_POLL, FAULT_NO_FD, -1)
PLAIN (int, epoll_ctl, (int fd, int what, int watched, struct epoll_event *event), (fd, what, watched, event),
       what == EPOLL_CTL_ADD ? CALL_WATCH : N_CALLS, FAULT_NO_FD, -1)

MAKER (pipe2, (int fds[2], int flags), (fds, flags))
MAKER (socket, (int domain, int type, int protocol), (domain, type, protocol))
MAKER (socketpair, (int domain, int type, int protocol, int fds[2]), (domain, type, protocol, fds))
MAKER (timerfd_create, (clockid_t clock, int flags), (clock, flags))
MAKER (signalfd, (int fd, const sigset_t *set, int flags), (fd, set, flags))
MAKER (epoll_create1, (int flags), (flags))
MAKER (inotify_init1, (int flags), (flags))
MAKER (eventfd, (unsigned count, int flags), (count, flags))
MAKER (memfd_create, (const char *name, unsigned flags), (name, flags))
PLAIN (int, connect, (int fd, const struct sockaddr *address, socklen_t length), (fd, address, length),
       CALL_CONNECT, FAULT_NO_FD, -1)
PLAIN (int, accept4, (int fd, struct sockaddr *address, socklen_t *length, int flags), (fd, address, length, flags),
       CALL_ACCEPT, FAULT_NO_FD, -1)

PLAIN (int, fsync, (int fd), (fd), CALL_SYNC, fd, -1)
PLAIN (int, fdatasync, (int fd), (fd), CALL_SYNC, fd, -1)
PLAIN (int, ftruncate, (int fd, off_t length), (fd, length), CALL_TRUNCATE, fd, -1)
PLAIN (int, ftruncate64, (int fd, off64_t length), (fd, length), CALL_TRUNCATE, fd, -1)
PLAIN (int, flock, (int fd, int operation), (fd, operation), CALL_LOCK, FAULT_NO_FD, -1)
PLAIN (int, mkdir, (const char *path, mode_t mode), (path, mode), CALL_MKDIR, FAULT_NO_FD, -1)
PLAIN (int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode), CALL_MKDIR, FAULT_NO_FD, -1)
PLAIN (char *, mkdtemp, (char *path), (path), CALL_MKDIR, FAULT_NO_FD, NULL)
PLAIN (int, unlink, (const char *path), (path), CALL_UNLINK, FAULT_NO_FD, -1)
PLAIN (int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags), CALL_UNLINK, FAULT_NO_FD, -1)
PLAIN (int, rmdir, (const char *path), (path), CALL_UNLINK, FAULT_NO_FD, -1)
PLAIN (int, rename, (const char *from, const char *to), (from, to), CALL_RENAME, FAULT_NO_FD, -1)
PLAIN (int, renameat, (int from_fd, const char *from, int to_fd, const char *to), (from_fd, from, to_fd, to),
       CALL_RENAME, FAULT_NO_FD, -1)
PLAIN (DIR *, opendir, (const char *path), (path), CALL_OPEN, FAULT_NO_FD, NULL)
PLAIN (FILE *, fopen, (const char *path, const char *mode), (path, mode), CALL_OPEN, FAULT_NO_FD, NULL)
PLAIN (FILE *, fopen64, (const char *path, const char *mode), (path, mode), CALL_OPEN, FAULT_NO_FD, NULL)
PLAIN (int, __open_2, (const char *path, int flags), (path, flags), CALL_OPEN, FAULT_NO_FD, -1)
PLAIN (int, __open64_2, (const char *path, int flags), (path, flags), CALL_OPEN, FAULT_NO_FD, -1)

PLAIN (int, execve, (const char *path, char *const *argv, char *const *env), (path, argv, env),
       CALL_EXEC, FAULT_NO_FD, -1)
PLAIN (int, waitid, (idtype_t which, id_t id, siginfo_t *info, int options), (which, id, info, options),
       CALL_WAIT, FAULT_NO_FD, -1)
PLAIN (pid_t, waitpid, (pid_t pid, int *status, int options), (pid, status, options), CALL_WAIT, FAULT_NO_FD, -1)
/* clang-format on */

/* Those with arguments that may not be there. */

#define OPEN(name, parameters, arguments)                                                                    \
  int name parameters;                                                                                       \
  int name parameters                                                                                        \
  {                                                                                                          \
    mode_t mode = 0;                                                                                         \
    va_list rest;                                                                                            \
                                                                                                             \
    va_start (rest, flags);                                                                                  \
    if ((flags & (O_CREAT | __O_TMPFILE)) != 0)                                                              \
      mode = va_arg (rest, mode_t);                                                                          \
    va_end (rest);                                                                                           \
    return fault_pick (CALL_OPEN, FAULT_NO_FD) > 0 ? -1 : REAL (name) arguments;                             \
  }

/* clang-format off */
OPEN (open, (const char *path, int flags, ...), (path, flags, mode))
OPEN (open64, (const char *path, int flags, ...), (path, flags, mode))
OPEN (openat, (int fd, const char *path, int flags, ...), (fd, path, flags, mode))
OPEN (openat64, (int fd, const char *path, int flags, ...), (fd, path, flags, mode))

#define FCNTL(name)                                                                                          \
  int name (int fd, int command, ...);                                                                       \
  int name (int fd, int command, ...)                                                                        \
  {                                                                                                          \
    va_list rest;                                                                                            \
    void *argument;                                                                                          \
                                                                                                             \
    va_start (rest, command);                                                                                \
    argument = va_arg (rest, void *);                                                                        \
    va_end (rest);                                                                                           \
    if ((command == F_DUPFD || command == F_DUPFD_CLOEXEC) && fault_pick (CALL_DESCRIPTOR, FAULT_NO_FD) > 0) \
      return -1;                                                                                             \
    return REAL (name) (fd, command, argument);                                                              \
  }

FCNTL (fcntl)
FCNTL (fcntl64)
/* clang-format on */

long
syscall (long number, ...)
{
  long arguments[6];
  va_list rest;

  va_start (rest, number);
  for (int i = 0; i < 6; i++)
    arguments[i] = va_arg (rest, long);
  va_end (rest);
  if (number == SYS_waitid && fault_pick (CALL_WAIT, FAULT_NO_FD) > 0)
    return -1;
  return REAL (syscall) (number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
                         arguments[5]);
}

/* Interrupted or not, it is closed. */
int
close (int fd)
{
  int fault = fault_pick (CALL_CLOSE, FAULT_NO_FD);
  int result = REAL (close) (fd);

  if (fault <= 0 || result < 0)
    return result;
  errno = fault;
  return -1;
}

/* What comes with descriptors goes as a whole. */
ssize_t
sendmsg (int fd, const struct msghdr *message, int flags)
{
  int fault = fault_pick (CALL_SEND, fd);
  struct msghdr copy = *message;
  struct iovec part;

  if (fault > 0)
    return -1;
  if (fault == FAULT_SHORT && message->msg_controllen == 0 && message->msg_iovlen > 0)
    {
      part = message->msg_iov[0];
      part.iov_len = fault_shorten (part.iov_len);
      copy.msg_iov = &part;
      copy.msg_iovlen = 1;
    }
  return REAL (sendmsg) (fd, &copy, flags);
}

/* Who has no room for the descriptors in a message gets it without them. */
static void
drop_descriptors (struct msghdr *message)
{
  for (struct cmsghdr *control = CMSG_FIRSTHDR (message); control != NULL;
       control = CMSG_NXTHDR (message, control))
    {
      int *fds = (int *) CMSG_DATA (control);
      size_t n_fds = (control->cmsg_len - CMSG_LEN (0)) / sizeof (int);

      for (size_t i = 0; control->cmsg_type == SCM_RIGHTS && i < n_fds; i++)
        REAL (close) (fds[i]);
    }
  message->msg_controllen = 0;
  message->msg_flags |= MSG_CTRUNC;
}

ssize_t
recvmsg (int fd, struct msghdr *message, int flags)
{
  int fault = fault_pick (CALL_RECVMSG, fd);
  struct iovec part, *parts = message->msg_iov;
  size_t n_parts = message->msg_iovlen;
  ssize_t length;

  if (fault > 0 && fault != EMFILE)
    return -1;
  if (fault == FAULT_SHORT && n_parts > 0)
    {
      part = parts[0];
      part.iov_len = fault_shorten (part.iov_len);
      message->msg_iov = &part;
      message->msg_iovlen = 1;
    }
  length = REAL (recvmsg) (fd, message, flags);
  message->msg_iov = parts;
  message->msg_iovlen = n_parts;
  if (fault == EMFILE && length >= 0)
    drop_descriptors (message);
  return length;
}

/* Processes and threads. */

pid_t
fork (void)
{
  pid_t pid;

  if (fault_pick (CALL_FORK, FAULT_NO_FD) > 0)
    return -1;
  pid = REAL (fork) ();
  if (pid == 0)
    fault_forked ();
  return pid;
}

int
clone (int (*func) (void *), void *stack, int flags, void *data, ...)
{
  return fault_pick (CALL_FORK, FAULT_NO_FD) > 0 ? -1 : REAL (clone) (func, stack, flags, data);
}

int
posix_spawn (pid_t *pid,
             const char *path,
             const posix_spawn_file_actions_t *actions,
             const posix_spawnattr_t *attributes,
             char *const *argv,
             char *const *env)
{
  return fault_pick (CALL_FORK, FAULT_NO_FD) > 0
           ? errno
           : REAL (posix_spawn) (pid, path, actions, attributes, argv, env);
}

/* Those that whoever asks for them can do without. */

typedef struct _GError GError;
void *g_thread_try_new (const char *name, void *(*func) (void *), void *data, GError **error);

static _Thread_local bool may_fail;

void *
g_thread_try_new (const char *name, void *(*func) (void *), void *data, GError **error)
{
  void *thread;

  may_fail = true;
  thread = REAL (g_thread_try_new) (name, func, data, error);
  may_fail = false;
  return thread;
}

int
pthread_create (pthread_t *thread, const pthread_attr_t *attributes, void *(*func) (void *), void *data)
{
  return may_fail && fault_pick (CALL_THREAD, FAULT_NO_FD) > 0
           ? errno
           : REAL (pthread_create) (thread, attributes, func, data);
}

/* Memory, by names that need no dlsym(), which allocates. */

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *data, size_t size);

void *
malloc (size_t size)
{
  return fault_pick (CALL_MALLOC, FAULT_NO_FD) > 0 ? NULL : __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  return fault_pick (CALL_MALLOC, FAULT_NO_FD) > 0 ? NULL : __libc_calloc (n, size);
}

void *
realloc (void *data, size_t size)
{
  return fault_pick (CALL_MALLOC, FAULT_NO_FD) > 0 ? NULL : __libc_realloc (data, size);
}

/* The clock on the wall. */

int
clock_gettime (clockid_t clock, struct timespec *now)
{
  int result = REAL (clock_gettime) (clock, now);

  if (clock == CLOCK_REALTIME && result == 0)
    now->tv_sec += fault_offset ();
  return result;
}

int
gettimeofday (struct timeval *now, void *zone)
{
  int result = REAL (gettimeofday) (now, zone);

  if (result == 0)
    now->tv_sec += fault_offset ();
  return result;
}

time_t
time (time_t *where)
{
  time_t now = REAL (time) (NULL) + fault_offset ();

  if (where != NULL)
    *where = now;
  return now;
}
