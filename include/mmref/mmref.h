/* SPDX-License-Identifier: MIT */
/* All of mmref but the CMocka assertions. */
#ifndef MMREF_MMREF_H
#define MMREF_MMREF_H

#include <mmref/check.h>
#include <mmref/explore.h>
#include <mmref/ops.h>
#include <mmref/program.h>
#include <mmref/report.h>
#include <mmref/rules.h>
#include <mmref/trace.h>
#include <mmref/version.h>

#endif
