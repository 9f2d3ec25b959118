// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace doorstep::measure_files {

// Appends the text in quotes as canonical JSON writes it (RFC 8259): only necessary escapes, lower
// case hex. text: UTF-8, passed on as it is. Pure. Thread: any.
void appendJsonText(std::string& out, std::string_view text);

}  // namespace doorstep::measure_files
