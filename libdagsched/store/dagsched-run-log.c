/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-run-log.h"
