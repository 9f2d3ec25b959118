// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/visits/measures/civil_time.h"

namespace doorstep::measures {

// What the measures are computed from: the columns of visits.csv (schema 2), packages.csv,
// invoices.csv and people.csv as values. measure_files/ reads them from files, a server fills them
// from its tables. Times are Unix ms. The readers hold every value to what is said here.

// Each list of names is in the order of its enum; an empty name is a value that is not given.
enum class ServiceKind { Day, RovingNight, Reablement, WakingNight, SleepIn, LiveIn, Respite };
inline constexpr std::array<std::string_view, 7> kServiceKinds{
    "day", "roving_night", "reablement", "waking_night", "sleep_in", "live_in", "respite"};
enum class ProviderRole { Unstated, Lead, Supplementary, Contingency };
inline constexpr std::array<std::string_view, 4> kProviderRoles{"", "lead", "supplementary",
                                                                "contingency"};
enum class Rurality { Unstated, Urban, Rural };
inline constexpr std::array<std::string_view, 3> kRuralities{"", "urban", "rural"};
enum class CareModel { Unstated, TimeAndTask, PersonalBudget };
inline constexpr std::array<std::string_view, 3> kCareModels{"", "time_and_task",
                                                             "personal_budget"};
enum class Purchase { Unstated, Block, Spot };
inline constexpr std::array<std::string_view, 3> kPurchases{"", "block", "spot"};
// An empty field means the council.
enum class ArrangedBy { Council, Health, Person };
inline constexpr std::array<std::string_view, 3> kArrangedBy{"council", "health", "person"};
enum class CancelledBy { Nobody, Person, Council, Provider };
inline constexpr std::array<std::string_view, 4> kCancelledBy{"", "person", "council", "provider"};
enum class Suspension { No, Hospital, Respite, Holiday, Other };
inline constexpr std::array<std::string_view, 5> kSuspensions{"", "hospital", "respite", "holiday",
                                                              "other"};
enum class ShortVisitBasis { Unstated, SafeAndWell, TasksCompletable, AgreedTerms };
inline constexpr std::array<std::string_view, 4> kShortVisitBases{
    "", "safe_and_well", "tasks_completable", "agreed_terms"};
// How a carer's arrival or departure was established.
enum class Method { Unstated, None, Manual, Position, NfcTag, QrCode, Landline, FixedDevice };
inline constexpr std::array<std::string_view, 8> kMethods{
    "", "none", "manual", "position", "nfc_tag", "qr_code", "landline", "fixed_device"};
// Evidence of the place.
enum class Grade { Unstated, A, B, C, D, E };
inline constexpr std::array<std::string_view, 6> kGrades{"", "A", "B", "C", "D", "E"};
// A: bounded by the server. C: the phone's clock alone.
enum class TimeClass { Unstated, A, C };
inline constexpr std::array<std::string_view, 3> kTimeClasses{"", "A", "C"};

// A window of starts and the end of a visit that begins at its last moment.
// Start <= latest start < end.
struct Plan {
  std::int64_t startMs = 0;
  std::int64_t latestStartMs = 0;
  std::int64_t endMs = 0;

  std::int64_t lengthMs() const { return endMs - latestStartMs; }
  bool operator==(const Plan&) const = default;
};

// The start or the end of a carer's presence.
struct EndFacts {
  std::optional<std::int64_t> rawMs;  // the phone's clock; given exactly when ruledMs is
  std::optional<std::int64_t> ruledMs;
  std::optional<std::int64_t> adjustedMs;  // approved by a supervisor, in place of the ruled time
  std::optional<std::int64_t> receivedMs;
  TimeClass timeClass = TimeClass::Unstated;
  Method method = Method::Unstated;
  Grade grade = Grade::Unstated;
};

// One carer slot: who was there and when.
struct SlotFacts {
  int number = 1;
  std::string carer;  // pseudonym, stable within a contract; empty: nobody is named
  EndFacts start;
  EndFacts end;
  std::optional<std::int64_t> noEntryMs;     // at the door, could not go in
  std::optional<std::int64_t> adjustedAtMs;  // given when a time is adjusted
  std::string adjustAction;                  // what was checked; A8: no evidence
  std::string reason;                        // why the slot went otherwise
  std::optional<std::int64_t> priorVisitMs;  // this carer's last check-in at this person before
  std::optional<std::int64_t> lateAlertRaisedMs;
  std::optional<std::int64_t> lateAlertAckedMs;
  std::optional<std::int64_t> missedAlertRaisedMs;
};

struct FunderShare {
  std::string funder;
  std::int64_t share = 0;  // of 10,000
};

struct GoalScore {
  std::string goal;
  int score = 0;  // -2 to 2
  int baseline = 0;
};

// Tasks by how much of them the person did.
struct Independence {
  std::int64_t self = 0;
  std::int64_t prompted = 0;
  std::int64_t assisted = 0;
  std::int64_t full = 0;
};

struct Doses {
  std::int64_t due = 0;
  std::int64_t given = 0;
  std::int64_t late = 0;  // of those given
  std::int64_t refused = 0;
  std::int64_t notGivenReasoned = 0;
  std::int64_t missed = 0;
};

struct TaskCounts {
  std::int64_t planned = 0;
  std::int64_t done = 0;  // by anybody
  std::int64_t notDoneReasoned = 0;
  std::int64_t criticalPlanned = 0;
  std::int64_t criticalNotDone = 0;
  std::int64_t goalLinked = 0;
};

// A visit with its carer slots. Named by (provider, visitId); slots stand in order of number, each
// number once.
struct VisitFacts {
  std::string provider;
  std::string contractId;
  std::string lot;
  std::string visitId;
  std::string person;  // pseudonym, stable within a contract; empty: unknown
  std::string patch;
  std::string tier;
  Rurality rurality = Rurality::Unstated;
  ProviderRole providerRole = ProviderRole::Unstated;
  ServiceKind serviceKind = ServiceKind::Day;
  CareModel model = CareModel::Unstated;
  Purchase purchase = Purchase::Unstated;
  ArrangedBy arrangedBy = ArrangedBy::Council;
  std::vector<FunderShare> funders;  // sum 10,000
  int carersRequired = 1;            // 1 to 4
  bool timeCritical = false;
  std::optional<Plan> commissioned;
  std::optional<Plan> locked;
  std::optional<Plan> final;
  std::optional<std::int64_t> firstPublishedMs;
  // Versions after the lock with another window, length or number of carers, and who wanted them.
  std::int64_t changesAfterLock = 0;
  std::int64_t lateChangesOffice = 0;
  std::int64_t lateChangesPerson = 0;
  std::int64_t lateChangesCouncil = 0;
  CancelledBy cancelledBy = CancelledBy::Nobody;
  std::optional<std::int64_t> cancelledMs;  // given when cancelledBy is somebody
  Suspension suspension = Suspension::No;
  bool shortVisitAgreed = false;
  ShortVisitBasis shortVisitBasis = ShortVisitBasis::Unstated;
  TaskCounts tasks;
  Independence independence;
  std::vector<GoalScore> goalScores;
  Doses doses;
  std::int64_t exportedMs = 0;  // "now" for what is open
  std::vector<SlotFacts> slots;
};

// Minutes that were ordered or invoiced for a person's week.
struct WeekMinutes {
  std::string contractId;
  std::string provider;
  std::string lot;
  std::string patch;
  std::string tier;
  ProviderRole providerRole = ProviderRole::Unstated;
  ServiceKind serviceKind = ServiceKind::Day;
  CareModel model = CareModel::Unstated;
  Purchase purchase = Purchase::Unstated;
  std::string person;
  DayNumber weekStart = 0;
  std::int64_t minutes = 0;  // of carers: two of them for 30 are 60
};

// A person's care plan and its reviews.
struct PersonFacts {
  std::string contractId;
  std::string person;
  DayNumber serviceStart = 0;
  bool prioritiesInPlan = false;
  bool prioritiesHow = false;
  bool contingencyInPlan = false;
  std::vector<DayNumber> reviews;
};

}  // namespace doorstep::measures
