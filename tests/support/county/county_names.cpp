// SPDX-License-Identifier: Apache-2.0
#include "tests/support/county/county_names.h"

#include <array>
#include <string_view>

namespace doorstep::county {
namespace {

template <std::size_t N>
std::string pick(Random& random, const std::array<std::string_view, N>& parts) {
  return std::string(parts[random.below(N)]);
}

constexpr std::array<std::string_view, 24> kGiven = {
    "Ada",  "Albert", "Beryl", "Cyril", "Doris",   "Edna",   "Ernest",  "Florence",
    "Gwen", "Harold", "Ida",   "Ivor",  "Joan",    "Kamala", "Leonard", "Mabel",
    "Nora", "Olive",  "Percy", "Rita",  "Stanley", "Usha",   "Vera",    "Wilfred"};
constexpr std::array<std::string_view, 24> kCarerGiven = {
    "Aisha", "Anca",  "Bola",  "Carmen", "Dawn", "Emeka",   "Fatou", "Grace",
    "Hanna", "Ioana", "Jade",  "Kofi",   "Lena", "Maria",   "Nadia", "Ola",
    "Priya", "Ruth",  "Sasha", "Tendai", "Uma",  "Wanjiru", "Yusuf", "Zofia"};
constexpr std::array<std::string_view, 20> kNameBegins = {
    "Ash",  "Birch", "Brook", "Cold", "Copper", "Dun", "Elder",  "Fallow", "Green", "Hazel",
    "Iron", "Kings", "Lang",  "Mill", "North",  "Oak", "Quarry", "Stone",  "Thorn", "Wood"};
constexpr std::array<std::string_view, 16> kNameEnds = {
    "bank", "beck", "by",    "combe", "croft", "dale", "field",  "ford",
    "gate", "ham",  "hurst", "ley",   "moor",  "shaw", "thorpe", "well"};
constexpr std::array<std::string_view, 6> kAccessNotes = {"Key safe left of the door.",
                                                          "Ring twice, hard of hearing.",
                                                          "Side gate, the front door sticks.",
                                                          "Third floor, the lift is slow.",
                                                          "Small dog, friendly.",
                                                          "Daughter opens before nine."};

// Centres of the lots; people live around them.
constexpr std::array<Lot, kLots> kLotList = {{{"01-loughborough-north", 52.785, -1.215},
                                              {"02-loughborough-south", 52.755, -1.195},
                                              {"03-shepshed", 52.772, -1.292},
                                              {"04-coalville", 52.724, -1.370},
                                              {"05-ashby", 52.746, -1.476},
                                              {"06-castle-donington", 52.842, -1.338},
                                              {"07-hinckley-east", 52.541, -1.352},
                                              {"08-hinckley-west", 52.545, -1.398},
                                              {"09-market-bosworth", 52.625, -1.402},
                                              {"10-earl-shilton", 52.577, -1.313},
                                              {"11-blaby", 52.577, -1.165},
                                              {"12-wigston", 52.586, -1.093},
                                              {"13-oadby", 52.599, -1.083},
                                              {"14-lutterworth", 52.456, -1.201},
                                              {"15-market-harborough", 52.478, -0.920},
                                              {"16-melton-mowbray", 52.766, -0.886},
                                              {"17-syston", 52.700, -1.073},
                                              {"18-birstall", 52.674, -1.120}}};

// The first six lead three lots each, the others supplement.
constexpr std::array<ProviderName, kProviders> kProviderList = {
    {{"01-brightwater", "Brightwater Home Care"},
     {"02-foxglove", "Foxglove Care at Home"},
     {"03-larkfield", "Larkfield Carers"},
     {"04-hearthside", "Hearthside Support"},
     {"05-willowmere", "Willowmere Care"},
     {"06-stonebridge", "Stonebridge Homecare"},
     {"07-kindly", "Kindly Visits"},
     {"08-daybreak", "Daybreak Care"},
     {"09-oak-and-ivy", "Oak and Ivy Care"},
     {"10-nightingale-row", "Nightingale Row"}}};

std::string familyName(Random& random) {
  return pick(random, kNameBegins) + pick(random, kNameEnds);
}

}  // namespace

std::string personName(Random& random) { return pick(random, kGiven) + " " + familyName(random); }
std::string carerName(Random& random) {
  return pick(random, kCarerGiven) + " " + familyName(random);
}
std::string accessNote(Random& random) {
  return random.percent(50) ? pick(random, kAccessNotes) : std::string();
}
const Lot& lot(int index) { return kLotList.at(static_cast<std::size_t>(index)); }
const ProviderName& providerName(int index) {
  return kProviderList.at(static_cast<std::size_t>(index));
}

}  // namespace doorstep::county
