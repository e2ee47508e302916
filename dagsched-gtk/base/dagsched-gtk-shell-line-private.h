/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

G_BEGIN_DECLS

/* What to type into a POSIX shell to do what a test does, as
 * cd WORKDIR && env -u NAME A=b COMMAND… NULL: it is no command. Free it. */
char *dagsched_gtk_shell_line_of (DagschedTest *test);
char *dagsched_gtk_shell_line_new (const char *workdir,
                                   const char *const *env,
                                   const char *const *unset_env,
                                   const char *const *argv);

G_END_DECLS
