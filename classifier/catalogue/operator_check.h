/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an operator's exposure class follows from its own record: seat and control. The class is
 * written in the file for people to read; this keeps it from saying something else than the facts
 * beside it.
 */
#pragma once

#include "classifier/catalogue/catalogue.h"

/** NULL where the class agrees with seat, control and technology; else a static text that says what
 * does not. */
const char *operator_check_exposure(const struct catalogue_operator *owner);
