/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What figures depend on: pairs of a name and a text, one after the other, NULL at the end. */
char **bench_machine_describe (void);

G_END_DECLS
