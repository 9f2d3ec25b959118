// SPDX-License-Identifier: Apache-2.0
#include "sync-server/text/domain_name.h"

#include <unicode/bytestream.h>
#include <unicode/idna.h>

#include <memory>

#include "shared/core/display_text.h"

namespace doorstep::text {
namespace {

constexpr std::size_t kNameBytesMax = 1024;  // 253 characters in UTF-8, four bytes each

}  // namespace

std::optional<std::string> toAsciiDomain(std::string_view name) {
  if (name.size() > kNameBytesMax || textFlaw(name, TextKind::Ref) != TextFlaw::None)
    return std::nullopt;
  UErrorCode error = U_ZERO_ERROR;
  constexpr std::uint32_t kOptions = UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI |
                                     UIDNA_CHECK_CONTEXTJ | UIDNA_USE_STD3_RULES;
  const std::unique_ptr<icu::IDNA> idna(icu::IDNA::createUTS46Instance(kOptions, error));
  if (U_FAILURE(error) || idna == nullptr)
    return std::nullopt;
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  icu::IDNAInfo found;
  idna->nameToASCII_UTF8(icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())),
                         sink, found, error);
  if (U_FAILURE(error) || found.hasErrors())
    return std::nullopt;
  return ascii;
}

}  // namespace doorstep::text
