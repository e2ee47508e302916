/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Those that write what nobody expects, or hold on to their output. */
#include "hostile.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void
write_all (const char *bytes, size_t length)
{
  while (length > 0)
    {
      ssize_t n_written = write (STDOUT_FILENO, bytes, length);

      if (n_written < 0)
        hostile_give_up ("write");
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
  return hostile_leave ();
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
  return hostile_leave ();
}

static int
write_escapes (void)
{
  static const char text[] = "\033[2J\033[H\033]0;title\007\033]52;c;cm0gLXJmIC8=\007\r\nok 1 - mine\n"
                             "]]><!--&#0;\xe2\x80\xae\n1..0 # SKIP\nBail out!\n";

  write_all (text, sizeof text - 1);
  return hostile_leave ();
}

static int
write_nowhere (void)
{
  close (STDOUT_FILENO);
  close (STDERR_FILENO);
  return hostile_leave ();
}

/* Standard input is empty, and there is no terminal to take. */
static int
look_for_terminal (void)
{
  char byte;

  if (read (STDIN_FILENO, &byte, 1) != 0 || open ("/dev/tty", O_RDWR) >= 0)
    return 1;
  return hostile_leave ();
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

  snprintf (address.sun_path, sizeof address.sun_path, "%s", hostile_argument);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) < 0)
    hostile_give_up (hostile_argument);
  CMSG_FIRSTHDR (&message)->cmsg_level = SOL_SOCKET;
  CMSG_FIRSTHDR (&message)->cmsg_type = SCM_RIGHTS;
  CMSG_FIRSTHDR (&message)->cmsg_len = CMSG_LEN (sizeof (int));
  memcpy (CMSG_DATA (CMSG_FIRSTHDR (&message)), &out_fd, sizeof (int));
  if (sendmsg (fd, &message, 0) < 0)
    hostile_give_up ("sendmsg");

  /* It answers once it has it. */
  return read (fd, &byte, 1) == 1 ? hostile_leave () : 1;
}

const HostileKind hostile_kinds_that_write[] = {
  { "flood-line", flood_line },
  { "garbage", write_garbage },
  { "escapes", write_escapes },
  { "closed-output", write_nowhere },
  { "terminal", look_for_terminal },
  { "held-output", give_output_away },
  { NULL, NULL },
};
