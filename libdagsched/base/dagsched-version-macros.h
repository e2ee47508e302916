/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#ifndef _DAGSCHED_EXTERN
#define _DAGSCHED_EXTERN __attribute__ ((visibility ("default"))) extern
#endif

#define DAGSCHED_AVAILABLE_IN_1_0 _DAGSCHED_EXTERN
