// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace doorstep::text {

// Unicode normalisation form C of UTF-8: one spelling of what looks the same, such as an é of one
// or of two code points, before it is compared or hashed. What is not UTF-8 comes back as it is.
// Called for refs of a rota, logins and passwords. Pure. Thread: any.
std::string toNfc(std::string_view text);

}  // namespace doorstep::text
