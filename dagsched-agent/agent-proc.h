/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

/* Less than @size bytes of a file of /proc, as a string. Returns their number; 0: there is no such thing. */
size_t agent_proc_read (const char *path, char *text, size_t size);
