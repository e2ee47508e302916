/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>
#include <gtk/gtk.h>

#define DAGSCHED_GTK_AVAILABLE_IN_1_0 _DAGSCHED_EXTERN
