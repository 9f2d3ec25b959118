// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace doorstep::wire {

// Finds a token (prefix and base64url) in pasted text: a whole mail, quoted, wrapped by a mail
// program, in quotation marks, with invisible characters inside. Pure. Thread: any.

// One occurrence of the prefix.
struct PastedToken {
  std::string payload;  // base64url characters after the prefix that may belong to it
  // Lengths of the payload that are followed by a blank, a line end or the end of the text,
  // ascending: the token ends at one of them.
  std::vector<std::size_t> ends;
};

// Input beyond this is ignored: a mail with its history is about 100 KiB.
constexpr std::size_t kPasteBytesMax = 1024 * 1024;
// Occurrences of the prefix that are examined; each quote of a thread repeats it.
constexpr std::size_t kPastedTokensMax = 64;

// Every occurrence of the prefix (ASCII, lower case; matched in any case), with at most payloadMax
// characters each. One pass over the text.
std::vector<PastedToken> pastedTokens(std::string_view text, std::string_view prefix,
                                      std::size_t payloadMax);

// Decodes quoted-printable (RFC 2045, 6.7): "=3D" and soft line breaks. Other text is unchanged.
std::string withoutQuotedPrintable(std::string_view text);

}  // namespace doorstep::wire
