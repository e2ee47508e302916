/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-engine-private.h"
