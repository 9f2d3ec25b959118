// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/conformance/measures/vector_rows.h"

namespace doorstep::support {

// What our code gives for a vector's input; null for a function that it does not know.
Json answerOf(const std::string& function, const Json& input);

}  // namespace doorstep::support
