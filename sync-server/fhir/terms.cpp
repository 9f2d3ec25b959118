// SPDX-License-Identifier: Apache-2.0
#include "sync-server/fhir/terms.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "shared/core/display_text.h"
#include "shared/core/local_time.h"

namespace doorstep::fhir {

std::string urn(std::string_view name) { return fmt::format("urn:doorstep:{}", name); }

std::string visitResourceId(ProviderId provider, VisitId visit) {
  return fmt::format("{}-{}", provider.value, visit.value);
}

std::string slotResourceId(ProviderId provider, VisitId visit, std::uint32_t slot) {
  return fmt::format("{}-{}-{}", provider.value, visit.value, slot);
}

Json coding(std::string_view system, std::string_view code) {
  return {{"system", system}, {"code", code}};
}

Json codeable(std::string_view system, std::string_view code) {
  return {{"coding", Json::array({coding(system, code)})}};
}

Json identifier(const std::string& system, std::string_view value) {
  Json made = {{"system", system}};
  if (std::string shown = plainText(value); !shown.empty())
    made["value"] = std::move(shown);
  return made;
}

Json logicalReference(const char* type, Json identifier) {
  return {{"type", type}, {"identifier", std::move(identifier)}};
}

Json personReference(ProviderId provider, std::string_view ref) {
  return logicalReference("Patient",
                          identifier(urn(fmt::format("provider:{}:person", provider.value)), ref));
}

Json carerReference(ContractId contract, std::string_view pseudonym) {
  return logicalReference(
      "Practitioner", identifier(urn(fmt::format("contract:{}:carer", contract.value)), pseudonym));
}

namespace {

Json organization(const std::string& system, std::uint64_t id, std::string_view name) {
  Json reference = logicalReference("Organization", identifier(system, std::to_string(id)));
  if (std::string shown = plainText(name); !shown.empty())
    reference["display"] = std::move(shown);
  return reference;
}

}  // namespace

Json providerReference(ProviderId provider, std::string_view name) {
  return organization(urn("provider"), provider.value, name);
}

Json councilReference(CouncilId council, std::string_view name) {
  return organization(urn("council"), council.value, name);
}

Json accountReference(AccountId account) {
  return logicalReference("Practitioner",
                          identifier(urn("account"), std::to_string(account.value)));
}

Json logEntryReference(ProviderId provider, std::uint64_t position) {
  return {{"identifier", identifier(urn(fmt::format("provider:{}:log-entry", provider.value)),
                                    std::to_string(position))},
          {"display", fmt::format("{}-{}.tlog-proof", provider.value, position)}};
}

Json quantity(double value, const char* unit) {
  return {
      {"value", value}, {"unit", unit}, {"system", "http://unitsofmeasure.org"}, {"code", unit}};
}

std::string instant(std::int64_t unixMs) { return unixMsToUtc(unixMs); }

std::string plainText(std::string_view text) {
  return withPlainBlanks(shownText(text, TextKind::Line));
}

std::string plainCode(std::string_view text) {
  std::string code;
  for (const char c : plainText(text)) {
    if (c != ' ' || (!code.empty() && code.back() != ' '))
      code += c;
  }
  return code;
}

std::string line(const Json& resource) { return resource.dump() + "\n"; }

}  // namespace doorstep::fhir
