// SPDX-License-Identifier: Apache-2.0
// Text that people read, whatever its bytes.
#include "shared/core/display_text.h"
#include "sync-server/text/normal_form.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  const std::string_view text = fuzz::Input(bytes, size).rest();
  for (const TextKind kind : {TextKind::Line, TextKind::Lines, TextKind::Ref})
    fuzz::require(textFlaw(shownText(text, kind), kind) == TextFlaw::None);
  fuzz::require(textFlaw(loggedText(text), TextKind::Ref) == TextFlaw::None);
  fuzz::require(isUtf8(text) || textFlaw(text, TextKind::Lines) != TextFlaw::None);
  const std::string plain = withPlainBlanks(text);
  fuzz::require(withPlainBlanks(plain) == plain && plain.size() <= text.size());
  fuzz::require(!isBlankText(text) || isBlankText(plain));
  const std::string normal = text::toNfc(text);
  fuzz::require(text::toNfc(normal) == normal && isUtf8(normal) == isUtf8(text));
  return 0;
}
