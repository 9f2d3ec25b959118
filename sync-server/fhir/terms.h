// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "shared/core/strong_id.h"

namespace doorstep::fhir {

// What FHIR R4 (4.0.1) resources are put together from: ids, identifiers, codes and references in
// the names that docs/fhir.md lists. A person, carer, provider, council, contract, account or log
// entry is referred to by identifier alone, as no such resource is exported and nobody is named.
// Texts that people wrote are held to what FHIR lets a string and a code hold. Pure. Thread: any.

// Members stay in the order in which they are added: resourceType and id come first in a line.
using Json = nlohmann::ordered_json;

// "urn:doorstep:" and the name. Of things whose refs a provider or council gives, with its id, so
// that an identifier is of one server and one party.
std::string urn(std::string_view name);

// Resource.id of a visit's Appointment and of a slot's Encounter: digits and hyphens, at most 50.
std::string visitResourceId(ProviderId provider, VisitId visit);
std::string slotResourceId(ProviderId provider, VisitId visit, std::uint32_t slot);

Json coding(std::string_view system, std::string_view code);
// A CodeableConcept of one coding.
Json codeable(std::string_view system, std::string_view code);

// Without a value where the text shows nothing.
Json identifier(const std::string& system, std::string_view value);
// A Reference by identifier, to a resource of the type that is not exported.
Json logicalReference(const char* type, Json identifier);
Json personReference(ProviderId provider, std::string_view ref);
// pseudonym: of the contract (records::Pseudonyms).
Json carerReference(ContractId contract, std::string_view pseudonym);
Json providerReference(ProviderId provider, std::string_view name);
Json councilReference(CouncilId council, std::string_view name);
Json accountReference(AccountId account);
// An entry of the provider's log, by its position.
Json logEntryReference(ProviderId provider, std::uint64_t position);

// A Quantity of UCUM.
Json quantity(double value, const char* unit);

// RFC 3339 with milliseconds, which is an instant and a dateTime.
std::string instant(std::int64_t unixMs);

// A string without what controls or hides text; empty: there is nothing to show, and the element
// is left out.
std::string plainText(std::string_view text);
// The same as a code: single blanks, none at the ends.
std::string plainCode(std::string_view text);

// A resource as a line of NDJSON, with its line feed.
std::string line(const Json& resource);

}  // namespace doorstep::fhir
