// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace doorstep::text {

// Unicode normalisation form C of UTF-8: maps characters with several encodings, such as é, to one
// form before comparison or hashing. Input that is not UTF-8 is returned unchanged. Used for refs
// of a rota, logins and passwords. Pure. Thread: any.
std::string toNfc(std::string_view text);

}  // namespace doorstep::text
