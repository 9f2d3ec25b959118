// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace doorstep::wire {

// Finds a token, prefix and base64url, in what a person pasted: a whole mail, quoted, wrapped by a
// mail program, in quotation marks, with characters inside that cannot be seen. Pure. Thread: any.

// One place where the prefix stands.
struct PastedToken {
  std::string payload;  // base64url characters behind the prefix, as far as they may belong to it
  // Lengths of the payload at which a blank, a line end or the end stands, ascending: the token
  // ends at one of them, and what follows is the text around it.
  std::vector<std::size_t> ends;
};

// More than this is not looked at: a mail with its history is some 100 KiB.
constexpr std::size_t kPasteBytesMax = 1024 * 1024;
// Places of the prefix that are looked at: each quote of a thread repeats it.
constexpr std::size_t kPastedTokensMax = 64;

// Every place of the prefix (ASCII, lower case; any case is found), at most payloadMax characters
// from each. Costs one pass over the text.
std::vector<PastedToken> pastedTokens(std::string_view text, std::string_view prefix,
                                      std::size_t payloadMax);

// Quoted-printable undone (RFC 2045, 6.7): "=3D" and soft line breaks. What is no escape stays.
std::string withoutQuotedPrintable(std::string_view text);

}  // namespace doorstep::wire
