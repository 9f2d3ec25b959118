// SPDX-License-Identifier: Apache-2.0
#include "sync-server/text/normal_form.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>

#include "shared/core/check.h"
#include "shared/core/display_text.h"

namespace doorstep::text {

std::string toNfc(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
  if (ascii || text.size() > INT32_MAX || !isUtf8(text))
    return std::string(text);
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  DOORSTEP_CHECK(U_SUCCESS(error));  // the tables are compiled into the library
  std::string normal;
  icu::StringByteSink<std::string> sink(&normal);
  nfc->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink,
                     nullptr, error);
  return U_SUCCESS(error) ? normal : std::string(text);
}

}  // namespace doorstep::text
