/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program that behaves as badly as tests do: one kind of behaviour a name. zoo.py says what becomes of each. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 100

/* (nullable) made once all is set up; then the program stays instead of ending */
static const char *ready_path;
static const char *argument;

static _Noreturn void
wait_for_ever (void)
{
  for (;;)
    pause ();
}

static _Noreturn void
give_up (const char *what)
{
  perror (what);
  exit (99);
}

static void
tell_ready (void)
{
  int fd = ready_path != NULL ? open (ready_path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644) : -1;

  if (fd >= 0)
    close (fd);
}

/* The end of those that leave something behind. */
static int
leave (void)
{
  tell_ready ();
  if (ready_path != NULL)
    wait_for_ever ();
  return 0;
}

/* The end of those that never end. */
static _Noreturn void
hang (void)
{
  tell_ready ();
  wait_for_ever ();
}

static bool
is_child (void)
{
  pid_t pid = fork ();

  if (pid < 0)
    give_up ("fork");
  return pid == 0;
}

static void
be_deaf (void)
{
  for (int i = 1; i < NSIG; i++)
    signal (i, i == SIGCHLD ? SIG_DFL : SIG_IGN);
}

/* Where a child tells its parent that it is what it was to become. */
static int became_fds[2];

static void
prepare_to_become (void)
{
  if (pipe2 (became_fds, O_CLOEXEC) < 0)
    give_up ("pipe2");
}

static void
became (void)
{
  (void) !write (became_fds[1], "", 1);
}

static void
wait_until_became (int n)
{
  char byte;

  while (n-- > 0 && read (became_fds[0], &byte, 1) == 1)
    ;
}

static int
leave_child (void)
{
  if (is_child ())
    wait_for_ever ();
  return leave ();
}

static int
leave_child_and_fail (void)
{
  leave_child ();
  return 1;
}

static int
leave_grandchild (void)
{
  prepare_to_become ();
  if (is_child ())
    {
      if (is_child ())
        {
          became ();
          wait_for_ever ();
        }
      _exit (0);
    }

  wait_until_became (1);
  return leave ();
}

/* What daemon(3) does, and more: nothing of it leads back here. */
static int
leave_daemon (void)
{
  prepare_to_become ();
  if (is_child ())
    {
      setsid ();
      if (is_child ())
        {
          setsid ();
          (void) !chdir ("/");
          prctl (PR_SET_NAME, "kworker");
          clearenv ();
          be_deaf ();
          became ();
          close_range (0, ~0u, 0);
          wait_for_ever ();
        }
      _exit (0);
    }

  wait_until_became (1);
  return leave ();
}

/* A daemon that is started anew, as another program: with no descriptor, environment or name of ours. */
static int
leave_program (void)
{
  if (is_child ())
    {
      setsid ();
      close_range (0, 2, 0);
      execle ("/bin/sleep", "sleep", "1000000", NULL, (char *[]){ NULL });
      _exit (99);
    }

  return leave ();
}

static int
leave_stopped (void)
{
  siginfo_t info;

  if (is_child ())
    {
      setsid ();
      raise (SIGSTOP);
      wait_for_ever ();
    }

  waitid (P_ALL, 0, &info, WSTOPPED | WNOWAIT);
  return leave ();
}

static int
leave_traced (void)
{
  prepare_to_become ();
  if (is_child ())
    {
      siginfo_t info;

      if (is_child ())
        {
          ptrace (PTRACE_TRACEME, 0, NULL, NULL);
          raise (SIGUSR1);
          wait_for_ever ();
        }
      waitid (P_ALL, 0, &info, WSTOPPED | WNOWAIT);
      became ();
      wait_for_ever ();
    }

  wait_until_became (1);
  return leave ();
}

static int
leave_groups (void)
{
  prepare_to_become ();
  for (int i = 0; i < MANY; i++)
    {
      if (is_child ())
        {
          if (i % 2 == 0)
            setpgid (0, 0);
          else
            setsid ();
          be_deaf ();
          became ();
          wait_for_ever ();
        }
    }

  wait_until_became (MANY);
  return leave ();
}

/* Orphans go to a child, not to who started us. */
static int
leave_reaper (void)
{
  prepare_to_become ();
  if (is_child ())
    {
      prctl (PR_SET_CHILD_SUBREAPER, 1);
      for (int i = 0; i < 10; i++)
        {
          if (is_child ())
            {
              if (is_child ())
                {
                  setsid ();
                  became ();
                  wait_for_ever ();
                }
              _exit (0);
            }
        }
      wait_for_ever ();
    }

  wait_until_became (10);
  return leave ();
}

static void *
fork_in_thread (void *data)
{
  (void) data;
  if (is_child ())
    wait_for_ever ();
  became ();
  wait_for_ever ();
}

/* A child whose first thread has ended: it looks like a zombie, and is none; and one of its threads has a child. */
static int
leave_headless (void)
{
  prepare_to_become ();
  if (is_child ())
    {
      pthread_t thread;

      if (pthread_create (&thread, NULL, fork_in_thread, NULL) != 0)
        _exit (99);
      pthread_exit (NULL);
    }

  wait_until_became (1);
  return leave ();
}

/* Never the same process for long: each starts the next and ends. */
static _Noreturn void
fly (bool in_sessions)
{
  for (;;)
    {
      pid_t pid = fork ();

      if (pid > 0)
        _exit (0);
      if (pid == 0 && in_sessions)
        setsid ();
    }
}

static int
leave_comet (void)
{
  if (is_child ())
    fly (false);
  return leave ();
}

static int
leave_comet_in_sessions (void)
{
  if (is_child ())
    fly (true);
  return leave ();
}

static int
leave_comets (void)
{
  for (int i = 0; i < 8; i++)
    {
      if (is_child ())
        fly (i % 2 == 0);
    }

  return leave ();
}

/* The first process of a namespace, with all that is in it. */
static int
leave_namespace (void)
{
  if (unshare (geteuid () == 0 ? CLONE_NEWPID : CLONE_NEWUSER | CLONE_NEWPID) < 0)
    return 77;

  prepare_to_become ();
  if (is_child ())
    {
      for (int i = 0; i < 10; i++)
        {
          if (is_child ())
            {
              setsid ();
              became ();
              wait_for_ever ();
            }
        }
      wait_for_ever ();
    }

  wait_until_became (10);
  return leave ();
}

/* Ended, but nobody took note: nothing that could be left behind. */
static int
leave_zombies (void)
{
  for (int i = 0; i < MANY; i++)
    {
      siginfo_t info;
      pid_t pid = fork ();

      if (pid == 0)
        _exit (0);
      waitid (P_PID, (id_t) pid, &info, WEXITED | WNOWAIT);
    }

  return leave ();
}

static int
hang_quietly (void)
{
  hang ();
}

static int
hang_deaf (void)
{
  be_deaf ();
  hang ();
}

static int
hang_deaf_tree (void)
{
  prepare_to_become ();
  be_deaf ();
  for (int i = 0; i < 4; i++)
    {
      if (!is_child ())
        {
          wait_until_became (1);
          hang ();
        }
      setsid ();
    }
  became ();
  close (became_fds[0]);
  wait_for_ever ();
}

static int
hang_stopped (void)
{
  tell_ready ();
  raise (SIGSTOP);
  return 1;
}

static int
hang_closed (void)
{
  tell_ready ();
  close_range (0, ~0u, 0);
  wait_for_ever ();
}

static _Noreturn void
spin (void)
{
  for (volatile unsigned i = 0;; i++)
    ;
}

static int
hang_spinning (void)
{
  tell_ready ();
  spin ();
}

static int
hang_in_vfork (void)
{
  tell_ready ();
  /* The parent sleeps where no signal but SIGKILL reaches it. */
  if (vfork () == 0)
    wait_for_ever ();
  return 0;
}

static int
hang_headless (void)
{
  pthread_t thread;

  prepare_to_become ();
  if (pthread_create (&thread, NULL, fork_in_thread, NULL) != 0)
    give_up ("pthread_create");
  wait_until_became (1);
  tell_ready ();
  pthread_exit (NULL);
}

static void
on_term_exit (int signum)
{
  (void) signum;
  _exit (0);
}

static int
hang_until_told (void)
{
  signal (SIGTERM, on_term_exit);
  hang ();
}

static void
on_term_fork (int signum)
{
  signal (signum, SIG_IGN);
  for (int i = 0; i < 10; i++)
    {
      if (fork () == 0)
        {
          setsid ();
          wait_for_ever ();
        }
    }
}

static int
hang_and_fork_when_told (void)
{
  signal (SIGTERM, on_term_fork);
  hang ();
}

static int
hang_with_comet (void)
{
  if (is_child ())
    fly (true);
  hang ();
}

static int
flood_without_end (void)
{
  static char line[4096];

  memset (line, 'x', sizeof line);
  line[sizeof line - 1] = '\n';
  tell_ready ();
  while (write (STDOUT_FILENO, line, sizeof line) > 0 || errno == EINTR)
    ;
  return 1;
}

static void
write_all (const char *bytes, size_t length)
{
  while (length > 0)
    {
      ssize_t n_written = write (STDOUT_FILENO, bytes, length);

      if (n_written < 0)
        give_up ("write");
      bytes += n_written;
      length -= (size_t) n_written;
    }
}

/* More than is kept, in one line. */
static int
flood_line (void)
{
  static char part[64 * 1024];

  memset (part, 'y', sizeof part);
  for (int i = 0; i < 48; i++)
    write_all (part, sizeof part);
  return leave ();
}

static int
write_garbage (void)
{
  static char bytes[64 * 1024];
  unsigned state = 1;

  for (size_t i = 0; i < sizeof bytes; i++)
    {
      state = state * 1103515245 + 12345;
      bytes[i] = (char) (state >> 16);
    }
  write_all (bytes, sizeof bytes);
  return leave ();
}

static int
write_escapes (void)
{
  static const char text[] = "\033[2J\033[H\033]0;title\007\033]52;c;cm0gLXJmIC8=\007\r\nok 1 - mine\n"
                             "]]><!--&#0;\xe2\x80\xae\n1..0 # SKIP\nBail out!\n";

  write_all (text, sizeof text - 1);
  return leave ();
}

static int
write_nowhere (void)
{
  close (STDOUT_FILENO);
  close (STDERR_FILENO);
  return leave ();
}

/* Standard input is empty, and there is no terminal to take. */
static int
look_for_terminal (void)
{
  char byte;

  if (read (STDIN_FILENO, &byte, 1) != 0 || open ("/dev/tty", O_RDWR) >= 0)
    return 1;
  return leave ();
}

/* Who listens at the path of the argument keeps our standard output open, and is none of us. */
static int
give_output_away (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int out_fd = STDOUT_FILENO;
  char byte = 0;
  struct iovec bytes = { &byte, 1 };
  union
  {
    char bytes[CMSG_SPACE (sizeof (int))];
    struct cmsghdr aligned;
  } control = { 0 };
  struct msghdr message = {
    .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
  };

  snprintf (address.sun_path, sizeof address.sun_path, "%s", argument);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) < 0)
    give_up (argument);
  CMSG_FIRSTHDR (&message)->cmsg_level = SOL_SOCKET;
  CMSG_FIRSTHDR (&message)->cmsg_type = SCM_RIGHTS;
  CMSG_FIRSTHDR (&message)->cmsg_len = CMSG_LEN (sizeof (int));
  memcpy (CMSG_DATA (CMSG_FIRSTHDR (&message)), &out_fd, sizeof (int));
  if (sendmsg (fd, &message, 0) < 0)
    give_up ("sendmsg");

  /* It answers once it has it. */
  return read (fd, &byte, 1) == 1 ? leave () : 1;
}

static int
die_of_signal (int signum)
{
  struct rlimit none = { 0 };

  setrlimit (RLIMIT_CORE, &none);
  signal (signum, SIG_DFL);
  raise (signum);
  return 1;
}

static int
crash (void)
{
  return die_of_signal (SIGSEGV);
}

static int
abort_here (void)
{
  return die_of_signal (SIGABRT);
}

static volatile int depth;

static int
overflow_stack (void)
{
  struct rlimit none = { 0 };
  volatile char block[1 << 16];

  setrlimit (RLIMIT_CORE, &none);
  block[depth] = 1;
  return ++depth < 0 ? 0 : overflow_stack () + block[0];
}

static int
kill_group (void)
{
  kill (0, SIGKILL);
  return 1;
}

static int
crash_and_leave (void)
{
  if (is_child ())
    {
      setsid ();
      be_deaf ();
      wait_for_ever ();
    }
  return die_of_signal (SIGSEGV);
}

/* Whoever started us, as a confused daemon does. */
static int
signal_parent (void)
{
  for (int i = 1; i < NSIG; i++)
    {
      if (i != SIGKILL && i != SIGSTOP && i != SIGCHLD)
        kill (getppid (), i);
    }
  return leave ();
}

static int
stop_parent (void)
{
  kill (getppid (), SIGSTOP);
  return leave ();
}

static int
stop_parent_and_hang (void)
{
  be_deaf ();
  kill (getppid (), SIGSTOP);
  hang ();
}

static int
kill_parent (void)
{
  if (is_child ())
    {
      setsid ();
      be_deaf ();
      wait_for_ever ();
    }
  kill (getppid (), SIGKILL);
  hang ();
}

static int
take_memory (void)
{
  for (;;)
    {
      char *block = malloc (1 << 20);

      if (block == NULL)
        return 1;
      memset (block, 1, 1 << 20);
    }
}

static int
take_files (void)
{
  while (dup (STDIN_FILENO) >= 0)
    ;
  return errno == EMFILE ? 1 : 0;
}

static int
take_processor (void)
{
  spin ();
}

static int
take_processes (void)
{
  while (fork () >= 0)
    ;
  return 1;
}

static void
go_to_tmp (void)
{
  const char *tmp = getenv ("TMPDIR");

  if (tmp == NULL || chdir (tmp) < 0)
    give_up ("TMPDIR");
}

static void
make_file (const char *path, mode_t mode)
{
  int fd = open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);

  if (fd < 0)
    give_up (path);
  (void) !write (fd, "x", 1);
  close (fd);
}

/* Deep, wide, and locked. */
static int
litter (void)
{
  go_to_tmp ();
  for (int i = 0; i < 200; i++)
    {
      char name[32];

      snprintf (name, sizeof name, "file %d\n", i);
      make_file (name, 0);
    }
  for (int i = 0; i < 300; i++)
    {
      if (mkdir ("deeper", 0700) < 0 || chdir ("deeper") < 0)
        give_up ("deeper");
      make_file ("file", 0);
    }
  for (int i = 0; i < 300; i++)
    {
      if (chdir ("..") < 0 || chmod ("deeper", i % 2 == 0 ? 0 : 0500) < 0)
        give_up ("..");
    }
  return leave ();
}

/* What the argument names is not ours to remove. */
static int
litter_links (void)
{
  const char *tmp = getenv ("TMPDIR");

  go_to_tmp ();
  if (symlink (argument, "link") < 0 || symlink ("/", "root") < 0)
    give_up ("symlink");
  if (tmp != NULL && rmdir (tmp) < 0 && rename (tmp, "../moved") == 0)
    (void) !symlink (argument, tmp);
  return leave ();
}

static int
remove_tmp (void)
{
  const char *tmp = getenv ("TMPDIR");

  if (tmp == NULL || rmdir (tmp) < 0)
    give_up ("TMPDIR");
  make_file (tmp, 0600);
  return leave ();
}

static const struct
{
  const char *name;
  int (*behave) (void);
} kinds[] = {
  { "leave-child", leave_child },
  { "leave-child-and-fail", leave_child_and_fail },
  { "leave-grandchild", leave_grandchild },
  { "leave-daemon", leave_daemon },
  { "leave-program", leave_program },
  { "leave-stopped", leave_stopped },
  { "leave-traced", leave_traced },
  { "leave-groups", leave_groups },
  { "leave-reaper", leave_reaper },
  { "leave-headless", leave_headless },
  { "leave-comet", leave_comet },
  { "leave-comet-in-sessions", leave_comet_in_sessions },
  { "leave-comets", leave_comets },
  { "leave-namespace", leave_namespace },
  { "leave-zombies", leave_zombies },
  { "hang", hang_quietly },
  { "hang-deaf", hang_deaf },
  { "hang-deaf-tree", hang_deaf_tree },
  { "hang-stopped", hang_stopped },
  { "hang-closed", hang_closed },
  { "hang-spinning", hang_spinning },
  { "hang-in-vfork", hang_in_vfork },
  { "hang-headless", hang_headless },
  { "hang-until-told", hang_until_told },
  { "hang-and-fork-when-told", hang_and_fork_when_told },
  { "hang-with-comet", hang_with_comet },
  { "flood", flood_without_end },
  { "flood-line", flood_line },
  { "garbage", write_garbage },
  { "escapes", write_escapes },
  { "closed-output", write_nowhere },
  { "terminal", look_for_terminal },
  { "held-output", give_output_away },
  { "crash", crash },
  { "abort", abort_here },
  { "stack-overflow", overflow_stack },
  { "kill-group", kill_group },
  { "crash-and-leave", crash_and_leave },
  { "signal-slot", signal_parent },
  { "stop-slot", stop_parent },
  { "stop-slot-and-hang", stop_parent_and_hang },
  { "kill-slot", kill_parent },
  { "take-memory", take_memory },
  { "take-files", take_files },
  { "take-processor", take_processor },
  { "take-processes", take_processes },
  { "litter", litter },
  { "litter-links", litter_links },
  { "remove-tmp", remove_tmp },
};

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], "--list") == 0)
    {
      for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        puts (kinds[i].name);
      return 0;
    }

  ready_path = getenv ("HOSTILE_READY");
  argument = argc > 2 ? argv[2] : NULL;
  for (size_t i = 0; argc > 1 && i < sizeof kinds / sizeof *kinds; i++)
    {
      if (strcmp (kinds[i].name, argv[1]) == 0)
        return kinds[i].behave ();
    }

  fputs ("usage: hostile --list | hostile KIND [ARGUMENT]\n", stderr);
  return 2;
}
