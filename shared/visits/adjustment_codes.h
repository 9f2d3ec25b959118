// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace doorstep::visits {

// Codes with which an office says why a visit went otherwise and what it checked. A code is never
// taken away or given another meaning, since files and logs hold it; words for people are in
// docs/measures.md and the dashboard's catalogue, under the code. Pure. Thread: any.

struct ReasonCode {
  std::string_view code;
  std::string_view name;   // for developers
  bool needsNote = false;  // it says nothing without a sentence
};
std::span<const ReasonCode> reasonCodes();
// Null: there is no such code.
const ReasonCode* reasonOfCode(std::string_view code);

// What was checked before a time was approved. A8: no evidence.
struct ActionCode {
  std::string_view code;
  std::string_view name;
};
std::span<const ActionCode> actionCodes();
const ActionCode* actionOfCode(std::string_view code);

// Who answers for what went otherwise.
std::span<const std::string_view> responsibilities();
bool isResponsibility(std::string_view name);

}  // namespace doorstep::visits
