// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/formats.h"

#include <algorithm>
#include <iterator>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/wire/fact_codec.h"
#include "shared/wire/plan_codec.h"

namespace doorstep::wire {
namespace {

namespace pb = doorstep::sync::v1;

template <typename Numbers>
std::vector<std::uint32_t> inOrder(const Numbers& numbers) {
  std::vector<std::uint32_t> found(numbers.begin(), numbers.end());
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

bool isVersionText(std::string_view text) {
  return !text.empty() && text.size() <= kAppVersionBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

Formats ownFormats() {
  return {DOORSTEP_VERSION, {kPersonKind, kVisitKind}, inOrder(knownFactKinds())};
}

std::string encodeFormats(const Formats& formats) {
  pb::Formats message;
  message.set_app_version(formats.appVersion);
  for (const std::uint32_t kind : formats.planKinds)
    message.add_plan_kinds(kind);
  for (const std::uint32_t kind : formats.factKinds)
    message.add_fact_kinds(kind);
  return message.SerializeAsString();
}

Result<Formats> decodeFormats(std::string_view bytes) {
  pb::Formats message;
  if (bytes.size() > kFormatsBytesMax ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      !isVersionText(message.app_version()) || message.plan_kinds_size() > kPlanKindsMax ||
      message.fact_kinds_size() > kFactKindsMax)
    return Error{ErrorCode::InvalidArgument, "FORMATS_MALFORMED", "no Formats within its limits"};
  return Formats{message.app_version(), inOrder(message.plan_kinds()),
                 inOrder(message.fact_kinds())};
}

std::vector<std::uint32_t> missingKinds(const std::vector<std::uint32_t>& wanted,
                                        const std::vector<std::uint32_t>& known) {
  std::vector<std::uint32_t> missing;
  std::set_difference(wanted.begin(), wanted.end(), known.begin(), known.end(),
                      std::back_inserter(missing));
  return missing;
}

}  // namespace doorstep::wire
