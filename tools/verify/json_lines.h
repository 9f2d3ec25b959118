// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "tools/verify/limits.h"

namespace doorstep::verify {

// Reads each line of a file as a message in JSON, with its number from 1. what: of which thing a
// line is, for the fault. Error: FILE_FAULT at the first line that is none. Thread: any.
template <typename Message>
Status forEachLine(const std::string& file, const std::string& text, const char* what,
                   const std::function<void(Message&, std::size_t line)>& each) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line(text.data() + at, end - at);
    at = end + 1;
    ++number;
    Message message;
    if (line.size() > kEvidenceLineBytesMax ||
        !google::protobuf::util::JsonStringToMessage({line.data(), line.size()}, &message, options)
             .ok())
      return Error{ErrorCode::InvalidArgument, "FILE_FAULT",
                   file + ":" + std::to_string(number) + ":1: this is no " + what};
    each(message, number);
  }
  return kDone;
}

}  // namespace doorstep::verify
