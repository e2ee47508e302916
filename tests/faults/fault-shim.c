/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Makes calls of the C library fail that seldom do: loaded before it (LD_PRELOAD) into the command, the agent and
 * programs of tests, and driven by the environment. Nothing of it is in the product.
 *
 *   DAGSCHED_FAULTS=seed=42,rate=200,in=agent,kinds=open:EMFILE+write:ENOSPC
 *
 *   seed   which calls are hit: the same ones, for the same order of calls in a process
 *   rate   one call in so many
 *   after  calls of each kind in each process that are spared first
 *   max    faults in each process at most
 *   in     runner (the command, or a program of tests), agent or all
 *   path   hits only files that have this in their path
 *   kinds  CALL:FAULT, joined by +. CALL is a word of the list below or *, FAULT the name of an error, short (less is
 *          read or written than was asked for), slow (a file takes its time) or jump (of the clock).
 *
 * DAGSCHED_FAULTS_TO names a file in which the faults of all processes are counted: names first, numbers behind. */

#include "fault-shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FAULTS_MAX 8 /* of one call */
#define NAMES_SIZE 4096
#define DESCRIPTOR_NAME_SIZE 32

typedef struct
{
  int faults[FAULTS_MAX];
  unsigned n_faults;
  _Atomic uint64_t n_calls;
} Call;

static const char *const call_names[N_CALLS] = {
#define NAME(id, name) name,
  FAULT_CALLS (NAME)
#undef NAME
};

static const struct
{
  const char *name;
  int fault;
} fault_names[] = {
  { "EINTR", EINTR },       { "EAGAIN", EAGAIN },   { "EMFILE", EMFILE },   { "ENFILE", ENFILE },
  { "ENOMEM", ENOMEM },     { "ENOSPC", ENOSPC },   { "EIO", EIO },         { "ECONNABORTED", ECONNABORTED },
  { "short", FAULT_SHORT }, { "slow", FAULT_SLOW }, { "jump", FAULT_JUMP },
};

/* What a signal interrupts. */
static const unsigned char may_be_interrupted[N_CALLS] = {
  [CALL_OPEN] = 1,     [CALL_READ] = 1, [CALL_WRITE] = 1, [CALL_SEND] = 1,    [CALL_RECV] = 1,
  [CALL_RECVMSG] = 1,  [CALL_POLL] = 1, [CALL_SYNC] = 1,  [CALL_CONNECT] = 1, [CALL_ACCEPT] = 1,
  [CALL_TRUNCATE] = 1, [CALL_LOCK] = 1, [CALL_WAIT] = 1,  [CALL_CLOSE] = 1,
};

static Call calls[N_CALLS + 1]; /* the last of what never fails */
static uint64_t salt;           /* differs from process to process */
static uint64_t n_forks;
static uint64_t rate = 1, after, most = UINT64_MAX;
static char path_part[256];
static _Atomic uint64_t n_injected;
static _Atomic uint64_t *counts; /* (nullable) in the file */

static _Noreturn void
refuse (const char *what)
{
  fprintf (stderr, "fault-shim: DAGSCHED_FAULTS: %s\n", what);
  abort ();
}

static uint64_t
mix (uint64_t x)
{
  /* splitmix64 (S. Vigna) */
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

void
fault_forked (void)
{
  salt = mix (salt + ++n_forks);
}

static bool
is_wanted_path (int fd)
{
  char link[DESCRIPTOR_NAME_SIZE], path[4096];
  ssize_t length;

  if (path_part[0] == '\0')
    return true;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink (link, path, sizeof path - 1);
  if (length < 0)
    return false;
  path[length] = '\0';
  return strstr (path, path_part) != NULL;
}

static bool
has_kind (int fd, mode_t kind)
{
  struct stat status;

  return fd >= 0 && fstat (fd, &status) == 0 && (status.st_mode & S_IFMT) == kind;
}

static bool
is_stream (int fd)
{
  int type;
  socklen_t length = sizeof type;

  return has_kind (fd, S_IFREG) || has_kind (fd, S_IFIFO) ||
         (getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM);
}

/* Whether the system could do that here. */
static bool
is_possible (int fault, int fd)
{
  if (fault == ENOSPC || fault == EIO || fault == FAULT_SLOW)
    return fd == FAULT_NO_FD || (has_kind (fd, S_IFREG) && is_wanted_path (fd));
  if (fault == FAULT_SHORT)
    return is_stream (fd);
  if (fault == EAGAIN && fd != FAULT_NO_FD)
    return (fcntl (fd, F_GETFL) & O_NONBLOCK) != 0 && !has_kind (fd, S_IFREG);
  return true;
}

static void
take_time (uint64_t hash)
{
  struct timespec delay = { 0, (long) (1 + hash % 10) * 1000000 };

  clock_nanosleep (CLOCK_MONOTONIC, 0, &delay, NULL);
}

int
fault_pick (FaultCall which, int fd)
{
  Call *call = &calls[which];
  int saved_errno = errno;
  uint64_t number, hash;
  int fault;

  if (call->n_faults == 0)
    return 0;
  number = atomic_fetch_add (&call->n_calls, 1);
  hash = mix (salt ^ mix (number * N_CALLS + which));
  fault = call->faults[(hash >> 32) % call->n_faults];
  if (number < after || hash % rate != 0 || n_injected >= most || !is_possible (fault, fd))
    {
      errno = saved_errno;
      return 0;
    }

  n_injected++;
  if (counts != NULL)
    counts[which]++;
  if (fault == FAULT_SLOW)
    {
      take_time (hash >> 8);
      fault = 0;
    }
  errno = fault > 0 ? fault : saved_errno;
  return fault;
}

size_t
fault_shorten (size_t length)
{
  return length > 1 ? 1 + (size_t) (mix (n_injected) % (length - 1)) : length;
}

int64_t
fault_offset (void)
{
  static _Atomic int64_t offset; /* seconds; up to a year, either way */
  const int64_t year = 365 * 24 * 3600;

  if (fault_pick (CALL_CLOCK, FAULT_NO_FD) == FAULT_JUMP)
    offset = (int64_t) (mix (n_injected ^ salt) % (uint64_t) (2 * year)) - year;
  return offset;
}

/* Reads the environment. */

static int
find_fault (const char *name)
{
  for (size_t i = 0; i < sizeof fault_names / sizeof *fault_names; i++)
    {
      if (strcmp (fault_names[i].name, name) == 0)
        return fault_names[i].fault;
    }

  refuse (name);
}

static void
add_kind (char *kind)
{
  char *colon = strchr (kind, ':');
  bool found = false;
  int fault;

  if (colon == NULL)
    refuse (kind);
  *colon = '\0';
  fault = find_fault (colon + 1);
  for (int i = 0; i < N_CALLS; i++)
    {
      bool all = strcmp (kind, "*") == 0 && fault == EINTR && may_be_interrupted[i];

      if (!all && strcmp (kind, call_names[i]) != 0)
        continue;
      if (calls[i].n_faults == FAULTS_MAX)
        refuse ("too many faults of one call");
      calls[i].faults[calls[i].n_faults++] = fault;
      found = true;
    }
  if (!found)
    refuse (kind);
}

static const char *
get_role (void)
{
  const char *name = program_invocation_short_name;

  if (strcmp (name, "dagsched-agent") == 0)
    return "agent";
  return strcmp (name, "dagsched") == 0 || strncmp (name, "test-", 5) == 0 ? "runner" : NULL;
}

/* Whether it is meant for this process. */
static bool
take_setting (const char *name, char *value, char **kinds)
{
  if (strcmp (name, "seed") == 0)
    salt = mix (strtoull (value, NULL, 10));
  else if (strcmp (name, "rate") == 0)
    rate = strtoull (value, NULL, 10);
  else if (strcmp (name, "after") == 0)
    after = strtoull (value, NULL, 10);
  else if (strcmp (name, "max") == 0)
    most = strtoull (value, NULL, 10);
  else if (strcmp (name, "path") == 0)
    snprintf (path_part, sizeof path_part, "%s", value);
  else if (strcmp (name, "kinds") == 0)
    *kinds = value;
  else if (strcmp (name, "in") != 0)
    refuse (name);
  else
    return strcmp (value, "all") == 0 || strcmp (value, get_role ()) == 0;

  return true;
}

static void
open_counts (void)
{
  const char *path = getenv ("DAGSCHED_FAULTS_TO");
  int fd = path != NULL ? open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0666) : -1;
  char names[NAMES_SIZE] = "";
  void *mapped;

  if (fd < 0)
    return;

  for (int i = 0; i < N_CALLS; i++)
    {
      strcat (names, call_names[i]);
      strcat (names, "\n");
    }
  if (pwrite (fd, names, strlen (names), 0) < 0 || ftruncate (fd, 2 * NAMES_SIZE) < 0)
    refuse (path);
  mapped = mmap (NULL, NAMES_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, NAMES_SIZE);
  if (mapped == MAP_FAILED)
    refuse (path);
  counts = mapped;
  close (fd);
}

__attribute__ ((constructor)) static void
read_environment (void)
{
  const char *text = getenv ("DAGSCHED_FAULTS");
  static char copy[1024];
  char *rest = copy, *setting, *kinds = NULL;

  if (text == NULL || get_role () == NULL)
    return;

  snprintf (copy, sizeof copy, "%s", text);
  while ((setting = strsep (&rest, ",")) != NULL)
    {
      char *equals = strchr (setting, '=');

      if (equals == NULL)
        refuse (setting);
      *equals = '\0';
      if (!take_setting (setting, equals + 1, &kinds))
        return;
    }
  if (kinds == NULL || rate == 0)
    refuse (text);

  open_counts ();
  while ((setting = strsep (&kinds, "+")) != NULL)
    add_kind (setting);
}
