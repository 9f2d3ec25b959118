// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/ordered_package.h"

#include <algorithm>
#include <utility>

#include "doorstep/commissioning/v1/commissioned.pb.h"

namespace doorstep::wire {
namespace {

namespace pb = doorstep::commissioning::v1;
using visits::CommissionedKind;

template <typename Message>
Result<Message> decode(std::string_view content) {
  Message message;
  if (!message.ParseFromArray(content.data(), static_cast<int>(content.size())))
    return Error{ErrorCode::DataLoss, "COMMISSIONED_DAMAGED",
                 "a row of what is commissioned cannot be read"};
  return message;
}

// A word that no release has written counts as not said.
template <typename Enum, typename List>
Enum named(const List& list, std::string_view word) {
  const auto found = std::find(list.begin(), list.end(), word);
  return found == list.end() ? Enum() : static_cast<Enum>(found - list.begin());
}

bool names(const pb::Package& package, std::string_view service) {
  return std::any_of(package.services().begin(), package.services().end(),
                     [&](const std::string& each) {
                       // A visit of two services is "s14+s5".
                       std::string_view rest = service;
                       while (!rest.empty()) {
                         const std::size_t end = std::min(rest.find('+'), rest.size());
                         if (rest.substr(0, end) == each)
                           return true;
                         rest.remove_prefix(std::min(end + 1, rest.size()));
                       }
                       return false;
                     });
}

// The package that a visit belongs to. Null: none.
const pb::Package* chosen(const std::vector<pb::Package>& packages, const PackageChoice& choice) {
  for (const pb::Package& package : packages) {
    if (choice.kind &&
        package.service_kind() == measures::kServiceKinds[static_cast<std::size_t>(*choice.kind)])
      return &package;
  }
  if (choice.kind)
    return nullptr;
  for (const pb::Package& package : packages)
    if (names(package, choice.service))
      return &package;
  for (const pb::Package& package : packages)
    if (package.services().empty())
      return &package;
  return packages.empty() || !choice.service.empty() ? nullptr : &packages.front();
}

// Those that hold, in the order of the list of service kinds.
Result<std::vector<pb::Package>> packagesOf(const RowContent& content) {
  std::vector<pb::Package> found;
  for (const std::string_view kind : measures::kServiceKinds) {
    DOORSTEP_ASSIGN(const auto row, content(CommissionedKind::Package, kind));
    if (!row)
      continue;
    DOORSTEP_ASSIGN(auto package, decode<pb::Package>(*row));
    if (!package.service_kind().empty())  // else it was ended
      found.push_back(std::move(package));
  }
  return found;
}

Result<measures::Rurality> ruralityOf(const RowContent& content, const std::string& lot,
                                      const std::string& patch) {
  using measures::Rurality;
  if (patch.empty())
    return Rurality::Unstated;
  DOORSTEP_ASSIGN(const auto row, content(CommissionedKind::Lot, lot));
  if (!row)
    return Rurality::Unstated;
  DOORSTEP_ASSIGN(const auto description, decode<pb::LotDescription>(*row));
  for (const pb::Patch& each : description.patches())
    if (each.name() == patch)
      return named<Rurality>(measures::kRuralities, each.rurality());
  return Rurality::Unstated;
}

Result<measures::Suspension> suspensionOf(const RowContent& content, std::string_view serviceKind) {
  for (const std::string_view name : {serviceKind, std::string_view()}) {
    DOORSTEP_ASSIGN(const auto row, content(CommissionedKind::Pause, name));
    if (!row)
      continue;
    DOORSTEP_ASSIGN(const auto pause, decode<pb::PackagePause>(*row));
    if (!pause.reason().empty())
      return named<measures::Suspension>(measures::kSuspensions, pause.reason());
  }
  return measures::Suspension::No;
}

}  // namespace

measures::ServiceKind serviceKindNamed(std::string_view word) {
  return named<measures::ServiceKind>(measures::kServiceKinds, word);
}

Result<OrderedPackage> orderedPackage(const RowContent& content, const PackageChoice& choice,
                                      const std::string& lot) {
  OrderedPackage ordered;
  DOORSTEP_ASSIGN(const auto packages, packagesOf(content));
  const pb::Package* package = chosen(packages, choice);
  if (package == nullptr)
    return ordered;
  ordered.hasPackage = true;
  ordered.patch = package->patch();
  DOORSTEP_ASSIGN(ordered.rurality, ruralityOf(content, lot, package->patch()));
  ordered.serviceKind = serviceKindNamed(package->service_kind());
  ordered.model = named<measures::CareModel>(measures::kCareModels, package->model());
  ordered.purchase = named<measures::Purchase>(measures::kPurchases, package->purchase());
  ordered.arrangedBy = named<measures::ArrangedBy>(measures::kArrangedBy, package->arranged_by());
  DOORSTEP_ASSIGN(ordered.suspension, suspensionOf(content, package->service_kind()));
  ordered.shortVisitAgreed = package->short_visit_agreed();
  ordered.shortVisitBasis =
      named<measures::ShortVisitBasis>(measures::kShortVisitBases, package->short_visit_basis());
  ordered.weekMinutes = package->week_minutes();
  return ordered;
}

Result<std::vector<measures::ServiceKind>> orderedKinds(const RowContent& content) {
  DOORSTEP_ASSIGN(const auto packages, packagesOf(content));
  std::vector<measures::ServiceKind> kinds;
  for (const pb::Package& package : packages)
    kinds.push_back(serviceKindNamed(package.service_kind()));
  return kinds;
}

}  // namespace doorstep::wire
