/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-resource.h"
